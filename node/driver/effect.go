package driver

import (
	"log/slog"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

// effect is an action that the machine requests; Driver.execute performs it.
type effect any

type (
	// prepare checks a configuration against the owner's limits and prepares an engine. The outcome returns
	// as an event.
	prepare struct{ config *node.Config }
	// discard drops the engine that was prepared for a run.
	discard struct{ testID string }
	// begin starts the prepared engine with a share at t0, by this process's clock. Its end returns as an
	// event.
	begin struct {
		testID string
		t0     time.Time
		share  loadgen.Share
	}
	// adjust gives the running engine its next share.
	adjust struct{ share loadgen.Share }
	// drain stops issuing requests and waits for those in flight.
	drain struct{}
	// abort stops issuing requests and cancels those in flight.
	abort struct{}
	// register publishes the registration.
	register struct{}
	// beat sends a heartbeat with this status at once.
	beat struct{ status status }
	// say writes a log line.
	say struct {
		level slog.Level
		text  string
		args  []any
	}
	// end makes Run return; hard: without flushing.
	end struct{ killed, hard bool }
)

// status is the part of a heartbeat that the machine decides.
type status struct {
	state   node.DriverState
	testID  string
	planSeq int
	note    string
	answers []node.Answer // by run id
}
