// Package fleet folds messages into the state of the fleet: its drivers, its runs, and their measurements. It
// is pure: it does no I/O, and its only clock is the one passed to it. Replaying the same records gives the
// same state.
package fleet

import (
	"time"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/evidence"
	"landfall/loadgen/hdr"
	"landfall/node"
)

// Silence after which a driver is late, and lost.
const (
	LateAfter = 2500 * time.Millisecond
	LostAfter = 5 * time.Second
)

// Liveness is the state of a driver according to its heartbeats.
type Liveness string

// The values of Liveness. Left: it has deregistered. Killed: a record killed it, whether or not it
// deregistered.
const (
	Alive  Liveness = "alive"
	Late   Liveness = "late"
	Lost   Liveness = "lost"
	Left   Liveness = "left"
	Killed Liveness = "killed"
)

// Driver is a driver as known to the fleet.
type Driver struct {
	node.Register                // zero except for NodeID until its registration was read
	Heartbeat     node.Heartbeat // the newest
	SeenAt        time.Time      // broker's clock, of the newest heartbeat
	Liveness      Liveness

	registered time.Time // when the registration of its process was first read
	killed     kill
	exit       exit
	rival      *rival // another living process with its name; nil: none
}

// Phase is a phase in the life of a run.
type Phase string

// The phases of a run.
const (
	Configured Phase = "configured"
	Started    Phase = "started" // triggered; T0 may still be ahead
	Draining   Phase = "draining"
	Finished   Phase = "finished"
	Refused    Phase = "refused" // a driver refused it before anything was sent
)

// Run is a run according to the topics.
type Run struct {
	ID        string
	Spec      loadgen.Spec
	Config    node.Config
	Phase     Phase
	ConfigAt  time.Time
	T0        time.Time // broker's clock; zero before start
	EndedAt   time.Time
	By        string
	Conductor string    // the orchestrator at the helm
	HelmBy    string    // owner of the conductor: who started or adopted the run
	HelmAt    time.Time // broker's clock, when the conductor was last known to be there
	Epoch     int
	Plans     []node.Plan // in order of Seq; the last one is in force
	Paused    bool
	StopBy    string // who stopped it, and why
	StopWhy   string
	StopAt    time.Time // broker's clock
	Aborted   bool      // stopped by an abort condition
	Drivers   map[string]*Carrier
	Intervals Intervals
	Total     loadgen.Counts
	Latency   *hdr.Histogram // of all intervals after the warm-up, like all times of a run
	Service   *hdr.Histogram
	Lag       *hdr.Histogram
	Handshake *hdr.Histogram // of TLS
	Named     map[string]*loadgen.Named
	Users     Users
	Classes   map[string]*loadgen.Times // latency by status class, such as "2xx"
	Exchanges []evidence.Exchange       // the first failures of each kind
	Slowest   []evidence.Slow
	Events    []Event
	Report    []byte // JSON, from the results topic; nil until then

	Before loadgen.Counts // the part of Total that belongs to the warm-up

	wanted     map[condition.Label]bool // parts that conditions name
	helm       node.Helm
	claim      *claim        // a report that was written while drivers executed the run
	reportAt   time.Time     // when Report was written
	told       bool          // Events are those of the report
	others     []claim       // further reports that were read while the state was behind
	over       *node.Trigger // a record that declares the end of the run, until that is certain
	overAt     time.Time
	pausedPlan int          // index in Plans of the one that a pause replaced
	stale      map[int]bool // intervals whose figures must be recomputed
	settled    settled
	target     targetWatch
}

// Carrier is one driver's part in a run.
type Carrier struct {
	NodeID, BootID, Host string
	Labels               []condition.Label // its own, as named in conditions
	Answer               *node.Answer
	ArmedBoot            string // the process that answered
	Total                loadgen.Counts
	Latency              *hdr.Histogram
	Begun                int64
	Seq                  uint64        // highest seen
	Missing              int64         // snapshots that never arrived
	Dropped              int64         // snapshots that it reports as dropped
	refusal              *refusal      // refused after the start, and not confirmed yet
	contradicted         bool          // a refusal was contradicted
	Relieved             int64         // requests that it dropped while others sent them: see relieve
	Note                 string        // why it stopped early, as it reported
	StartUS              int64         // broker's clock, first request; 0: not known
	LastEnd              time.Duration // since T0: end of its last reported interval
	Final                bool          // it has executed its newest share to the end
	Planned              bool          // it has had a share in a plan
	Released             bool          // it drains or has left early: its share can be reassigned
	KilledBy             string        // who killed its process before its share was finished
	LostAt               time.Duration // since T0; 0: not lost
	LostWhy              string
	HeardAt              time.Duration // of a lost driver: since T0, when it last read the trigger topic
	Peak                 float64       // most requests or, with scenarios, iterations that ended in one second
	CPUUS                int64
	limitedUntil         int // the interval after the last one in which it was the limit; 0: none
	Reasons              []string
	Failures             []loadgen.Failure // reasons of failed requests, so far
	Points               []Point           // by interval, the newest ones (at most PointsKept)
	FirstPoint           int               // interval of Points[0]
	excessReported       bool
}

// Limits of remembered intervals: half an hour per driver, and pointsInAll for all drivers together, but at
// least a minute for each.
const (
	PointsKept  = 1800
	pointsInAll = 120_000
	pointsLeast = 60
)

// pointsKept returns how many intervals of each driver the run remembers.
func (r *Run) pointsKept() int {
	return max(pointsLeast, min(PointsKept, pointsInAll/max(len(r.Drivers), 1)))
}

// Point is a driver's interval in compact form. Missing intervals have Present false.
type Point struct {
	Present    bool
	Requests   int32
	Errors     int32 // requests without a response
	Unexpected int32 // responses that fail the spec's expectations
	P50US      int32
	P99US      int32
}

// Interval is one second of the whole fleet.
type Interval struct {
	Delta               loadgen.Counts
	Asked               int64
	Expected            int // drivers that have a share in it
	Present             int // drivers that have reported it
	P50US, P95US, P99US int64
	Heat                Heat // its responses by latency
	LagP99US            int64
	InFlight            int
	Open                int    // connections, at the interval's end
	Limited             string // why a driver, and not the target, was the limit; "": none was
	Users               int    // of scenarios, at the interval's end
	Checks, BadChecks   int64  // checks of steps, and failed checks
	Parts               Parts
	live, lag           *hdr.Histogram // lag is kept while the interval is new
	packed              []byte         // live, compressed once it is old, so that late snapshots can still be merged
}

// EventKind is the kind of an event.
type EventKind string

// The kinds of events.
const (
	EventJoined    EventKind = "joined"
	EventLate      EventKind = "late"
	EventBack      EventKind = "back"
	EventLost      EventKind = "lost"
	EventLeft      EventKind = "left"
	EventStarted   EventKind = "started"
	EventAdjusted  EventKind = "adjusted"
	EventPaused    EventKind = "paused"
	EventResumed   EventKind = "resumed"
	EventStopped   EventKind = "stopped"
	EventAdopted   EventKind = "adopted"
	EventKilled    EventKind = "killed"
	EventRefused   EventKind = "refused"
	EventThreshold EventKind = "threshold"
	EventFinished  EventKind = "finished"
	EventNote      EventKind = "note"

	EventTargetDown EventKind = "target_down" // most requests fail
	EventTargetUp   EventKind = "target_up"   // most are answered again
)

// Event is something that operators want to know.
type Event struct {
	At     time.Time // broker's clock
	Kind   EventKind
	NodeID string
	TestID string
	By     string
	Text   string // a sentence without a full stop, safe to print
}
