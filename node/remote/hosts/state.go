package hosts

import (
	"fmt"
	"time"

	"landfall/node/figures"
)

// Phase is a phase in the life of a fleet's host.
type Phase string

// The phases of a host. Failed is final, because retrying would not help; Unreachable is retried, and its
// drivers, if any, keep running.
const (
	Waiting     Phase = "waiting"
	Connecting  Phase = "connecting"
	Copying     Phase = "copying"
	Starting    Phase = "starting"
	Up          Phase = "up"
	Restarting  Phase = "restarting" // a driver crashed, and is or will be restarted
	Unreachable Phase = "unreachable"
	Failed      Phase = "failed"
	Ending      Phase = "ending" // its drivers drain
	Down        Phase = "down"
)

// State is the known state of a host.
type State struct {
	Host    string    `json:"host"`
	Address string    `json:"address"` // as typed
	Phase   Phase     `json:"phase"`
	Wanted  int       `json:"wanted"` // drivers
	Drivers []Driver  `json:"drivers,omitempty"`
	Detail  string    `json:"detail,omitempty"`  // a few words on the current step or problem; safe to print
	Since   time.Time `json:"since"`             // of the phase
	Touched bool      `json:"touched,omitempty"` // it may have drivers
}

// Driver is the state of one driver, as reported by the host.
type Driver struct {
	Name     string `json:"name"`
	PID      int    `json:"pid,omitempty"` // 0: not running
	Joined   bool   `json:"joined,omitempty"`
	Left     bool   `json:"left,omitempty"`     // it exited cleanly, and is not restarted
	Restarts int    `json:"restarts,omitempty"` // since connecting to the host
	Problem  string `json:"problem,omitempty"`
}

// Running returns the number of drivers that run and have joined the fleet. Hosts do not read Kafka, so this
// does not show whether their heartbeats arrive.
func (s State) Running() (n int) {
	for _, d := range s.Drivers {
		if d.PID != 0 && d.Joined {
			n++
		}
	}
	return n
}

// Restarts returns the total number of restarts.
func (s State) Restarts() (n int) {
	for _, d := range s.Drivers {
		n += d.Restarts
	}
	return n
}

// joinFor is how long a started driver has to join before it counts as failed.
const joinFor = 15 * time.Second

// Pending reports whether the host may still come up.
func (s State) Pending(now time.Time) bool {
	switch s.Phase {
	case Waiting, Connecting, Copying:
		return true
	case Starting, Restarting:
		return now.Sub(s.Since) < joinFor
	}
	return false
}

// PhaseOf summarizes a host's drivers: a phase, and a short description.
func PhaseOf(drivers []Driver) (Phase, string) {
	left, dead, alone, problem := 0, 0, 0, ""
	for _, d := range drivers {
		switch {
		case d.Left:
			left++
		case d.PID == 0:
			dead++
		case !d.Joined:
			alone++
		default:
			continue
		}
		if problem == "" && d.Problem != "" {
			problem = ": " + d.Problem
		}
	}
	switch {
	case dead > 0:
		return Restarting, fmt.Sprintf("%s not running%s", figures.Plural(int64(dead), "driver"), problem)
	case alone > 0:
		return Starting, fmt.Sprintf("%s not in the fleet yet%s", figures.Plural(int64(alone), "driver"), problem)
	case left == len(drivers) && left > 0:
		return Down, "exited by itself or was stopped by an operator; landfall fleet up restarts it"
	case left > 0:
		return Up, fmt.Sprintf("%s exited by itself or was stopped by an operator", figures.Plural(int64(left), "driver"))
	}
	return Up, ""
}

// Limits of the backoff.
const (
	minPause = time.Second
	maxPause = 30 * time.Second
)

// Pause returns the backoff after the given number of consecutive failures.
func Pause(failures int) time.Duration {
	if failures < 1 {
		return 0
	}
	return min(minPause<<min(failures-1, 10), maxPause)
}
