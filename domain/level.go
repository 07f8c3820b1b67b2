package domain

// Level n begins at 50*n*(n-1) points (0, 100, 300, 600, ...): CONTRACT section 5b, with
// level 1 as the first.

// LevelStart returns the number of XP at which level n (1 and up) begins.
func LevelStart(n int) int { return 50 * n * (n - 1) }

// LevelOf returns the level that a total of XP has reached.
func LevelOf(total int) int {
	n := 1
	for LevelStart(n+1) <= total {
		n++
	}
	return n
}
