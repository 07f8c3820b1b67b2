module liveassist/e2e/soak

go 1.26.0
