package driver

import (
	"log/slog"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

// effect is something that the machine wants done; Driver.execute does it.
type effect any

type (
	// prepare: check a configuration against the owner's limits and make an engine for it. The outcome comes back as an event.
	prepare struct{ config *node.Config }
	// discard: the engine that was prepared for a run will not be used.
	discard struct{ testID string }
	// begin: have the prepared engine run a share from t0 on, by this process's clock. Its end comes back as an event.
	begin struct {
		testID string
		t0     time.Time
		share  loadgen.Share
	}
	// adjust: the running engine takes over the next share.
	adjust struct{ share loadgen.Share }
	// drain: the engine issues nothing more and waits for what is in flight.
	drain struct{}
	// abort: the engine issues nothing more and ends what is in flight.
	abort struct{}
	// register: publish the registration.
	register struct{}
	// beat: the next heartbeat says this, and is sent at once.
	beat struct{ status status }
	// say: write a log line.
	say struct {
		level slog.Level
		text  string
		args  []any
	}
	// end: Run returns. hard: without last words.
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
