// Package fleet folds messages into what they mean together: which drivers there are, which runs, and what was measured.
// It is pure: no I/O, and no clock but the one that it is told. Replaying the same records gives the same state.
package fleet

import (
	"time"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/evidence"
	"landfall/loadgen/hdr"
	"landfall/node"
)

// When a driver without heartbeats counts as late, and as lost.
const (
	LateAfter = 2500 * time.Millisecond
	LostAfter = 5 * time.Second
)

// Liveness is what the fleet concludes from a driver's heartbeats.
type Liveness string

// The livenesses of a driver. Left: it said goodbye. Killed: a record ended it at once, whether or not it said goodbye.
const (
	Alive  Liveness = "alive"
	Late   Liveness = "late"
	Lost   Liveness = "lost"
	Left   Liveness = "left"
	Killed Liveness = "killed"
)

// Driver is one driver as the fleet knows it.
type Driver struct {
	node.Register                // zero but for NodeID until its registration was read
	Heartbeat     node.Heartbeat // the newest
	SeenAt        time.Time      // broker's clock, of the newest heartbeat
	Liveness      Liveness

	registered time.Time // when the process that it is of was first read to register
	killed     kill
	rival      *rival // another process of its name that is heard as well; nil: none
}

// Phase is where in its life a run is.
type Phase string

// The phases of a run.
const (
	Configured Phase = "configured"
	Started    Phase = "started" // triggered; T0 may still be ahead
	Draining   Phase = "draining"
	Finished   Phase = "finished"
	Refused    Phase = "refused" // a driver refused it before anything was sent
)

// Run is one run as the topics tell it.
type Run struct {
	ID        string
	Spec      loadgen.Spec
	Config    node.Config
	Phase     Phase
	ConfigAt  time.Time
	T0        time.Time // broker's clock; zero before start
	EndedAt   time.Time
	By        string
	Conductor string // the orchestrator at the helm
	HelmBy    string // whose it is: who started the run, or adopted it
	Epoch     int
	Plans     []node.Plan // in order of Seq; the last one holds
	Paused    bool
	StopBy    string // who stopped it, and why
	StopWhy   string
	StopAt    time.Time // broker's clock
	Aborted   bool      // stopped by an abort condition
	Drivers   map[string]*Carrier
	Intervals []*Interval // index = number of the interval; none is nil
	Total     loadgen.Counts
	Latency   *hdr.Histogram // of all intervals after the warm-up, as all times of a run
	Service   *hdr.Histogram
	Lag       *hdr.Histogram
	Handshake *hdr.Histogram // of TLS
	Named     map[string]*loadgen.Named
	Users     Users
	Classes   map[string]*loadgen.Times // latency by status class, such as "2xx"
	Exchanges []evidence.Exchange       // the first that failed in each way
	Slowest   []evidence.Slow
	Events    []Event
	Report    []byte // JSON, from the results topic; nil until then

	Before loadgen.Counts // of Total, what the warm-up had

	wanted     map[condition.Label]bool // parts that conditions name
	helm       node.Helm
	claim      *claim        // a report that was written while drivers had the run
	over       *node.Trigger // a record that says that the run has ended, until it is known whether it has
	overAt     time.Time
	pausedPlan int          // index in Plans of the one that a pause replaced
	stale      map[int]bool // intervals whose figures are to be computed again
	settled    settled
	target     targetWatch
}

// Carrier is one driver's part in a run.
type Carrier struct {
	NodeID, BootID, Host string
	Labels               []condition.Label // its own, as conditions name them
	Answer               *node.Answer
	ArmedBoot            string // the process that answered
	Total                loadgen.Counts
	Latency              *hdr.Histogram
	Begun                int64
	Seq                  uint64        // highest seen
	Missing              int64         // snapshots that never came
	Dropped              int64         // snapshots that it says it has given up
	refusal              *refusal      // said after the start, and not believed yet
	contradicted         bool          // a refusal was
	Relieved             int64         // requests that it dropped while they were others': see relieve
	Note                 string        // why it stopped before the end, in its own words
	StartUS              int64         // broker's clock, first request; 0: not known
	LastEnd              time.Duration // since T0: up to where it has reported
	Final                bool          // it has carried its newest share to the end
	Planned              bool          // a plan has given it a share
	Released             bool          // it drains or has left before the end: its share is the others'
	KilledBy             string        // who killed its process before its share was done
	LostAt               time.Duration // since T0; 0: not lost
	HeardAt              time.Duration // of a lost one: since T0, when it was last known to read the trigger topic
	PeakRPS              float64
	CPUUS                int64
	Limited              bool
	Reasons              []string
	Failures             []loadgen.Failure // why requests failed, as far as its snapshots have come
	Points               []Point           // by interval, the newest ones (PointsKept at most)
	FirstPoint           int               // interval of Points[0]
	excessTold           bool
}

// Intervals that are remembered: per driver half an hour, and of all drivers together no more than pointsInAll, but a minute
// of each however many they are.
const (
	PointsKept  = 1800
	pointsInAll = 120_000
	pointsLeast = 60
)

// pointsKept is how many intervals of each driver the run remembers.
func (r *Run) pointsKept() int {
	return max(pointsLeast, min(PointsKept, pointsInAll/max(len(r.Drivers), 1)))
}

// Point is one driver's interval, small enough to keep many. Missing intervals have Present false.
type Point struct {
	Present  bool
	Requests int32
	Errors   int32
	P50US    int32
	P99US    int32
}

// Interval is one second of the whole fleet.
type Interval struct {
	Delta               loadgen.Counts
	Asked               int64
	Expected            int // drivers that carry a share in it
	Present             int // drivers whose snapshot is in it
	P50US, P95US, P99US int64
	Heat                Heat // its responses by latency
	LagP99US            int64
	InFlight            int
	Open                int    // connections, at the interval's end
	Limited             string // why a driver, and not the target, was the limit; "": none was
	Users               int    // of scenarios, at the interval's end
	Checks, BadChecks   int64  // of their steps: made, and failed
	Parts               Parts
	live, lag           *hdr.Histogram // lag for as long as the interval is new
	packed              []byte         // live, compressed once it is old, so that a late snapshot still can be merged
}

// EventKind says what happened.
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
	EventTargetUp   EventKind = "target_up"   // they are answered again
)

// Event is one thing that an operator wants to know of.
type Event struct {
	At     time.Time // broker's clock
	Kind   EventKind
	NodeID string
	TestID string
	By     string
	Text   string // a sentence without a full stop, safe to print
}
