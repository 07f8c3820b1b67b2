package stack

import (
	"maps"
	"path"
	"strconv"
)

// program is one of the programs, said so that either runner can start it.
type program struct {
	name  string
	file  string // the static binary; none where an image comes ready-made
	image string // the ready-made image
	port  int    // that it listens on inside its container
	path  string // that answers 200 once it is ready; none: a connection is enough
	state string // the directory that it writes to, inside its container

	// call returns the arguments and settings for a program that is to listen on listen,
	// write into dir and be known to others as http://public.
	call func(listen, dir, public string) (args []string, env map[string]string)

	dockerfile string // of the image, a single stage
	fixedPort  bool   // others must know its address before it starts
}

// settings are what the product must know of the others.
type settings struct {
	mongo, stripe string
	more          map[string]string
}

func liveassist(b builds, s settings) (program, error) {
	dockerfile, err := lastStage(b.productDockerfile)
	if err != nil {
		return program{}, err
	}
	return program{
		name: "liveassist", file: b.liveassist, port: 8080, path: "/readyz", state: "/data",
		dockerfile: dockerfile, fixedPort: true,
		call: func(listen, dir, public string) ([]string, map[string]string) {
			env := map[string]string{
				"LISTEN_ADDR": listen, "DATA_DIR": dir, "BASE_URL": "http://" + public,
				"STRIPE_SECRET_KEY": StripeKey, "STRIPE_WEBHOOK_SECRET": WebhookSecret, "STRIPE_API_BASE": s.stripe,
				"STRIPE_PRICE_MONTH": PriceMonth, "STRIPE_PRICE_YEAR": PriceYear,
				"MONGO_URL": s.mongo, "MONGO_DATABASE": Database,
				"LOG_FORMAT": "text", "LOG_LEVEL": "info",
			}
			maps.Copy(env, s.more)
			return nil, env
		},
	}, nil
}

func ferret(b builds) program {
	return program{
		name: "ferretdb", file: b.ferret, port: 27017, state: "/state", dockerfile: b.helperDockerfile,
		call: func(listen, dir, _ string) ([]string, map[string]string) {
			return []string{"-listen", listen, "-state", path.Join(dir, "ferretdb")}, nil
		},
	}
}

// mongoImage is MongoDB itself.
func mongoImage(image string) program {
	return program{
		name: "mongodb", image: image, port: 27017, state: "/data/db",
		call: func(string, string, string) ([]string, map[string]string) { return nil, nil },
	}
}

func stripeMock(b builds) program {
	return program{
		name: "stripe-mock", file: b.stripe, port: 12111, state: "/state", dockerfile: b.helperDockerfile,
		call: func(listen, _, _ string) ([]string, map[string]string) {
			return []string{"-http-addr", listen}, nil
		},
	}
}

func (p program) tcp() string { return strconv.Itoa(p.port) + "/tcp" }
