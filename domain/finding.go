package domain

// State says how something is that an operator looks after.
type State string

// How things can be.
const (
	StateOK      State = "ok"
	StateOff     State = "off"     // not set up, which is fine
	StateWarning State = "warning" // works, and something should be done
	StateBroken  State = "broken"  // does not work
)

// Finding is what an examination found out about one thing.
type Finding struct {
	Check string `json:"check"` // what was looked at
	State State  `json:"state"`
	Says  string `json:"says"`         // what is so, in one sentence
	Do    string `json:"do,omitempty"` // what to do about it
}
