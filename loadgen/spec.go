package loadgen

import (
	"encoding/json"
	"fmt"
	"time"
)

// Kind determines how requests are released.
type Kind string

const (
	// Avalanche is closed loop: each connection sends its next request as soon as it has received a response.
	Avalanche Kind = "avalanche"
	// Tsunami is open loop: requests are sent on a schedule, regardless of responses.
	Tsunami Kind = "tsunami"
)

// Duration is a [time.Duration] that is an integer number of microseconds in JSON and a string such as "1m30s" in YAML.
type Duration time.Duration

// Std returns d as a [time.Duration].
func (d Duration) Std() time.Duration { return time.Duration(d) }

// Spec describes a run completely. The YAML names are used in spec files, the JSON names in messages and reports, where the name of
// every duration ends in its unit.
type Spec struct {
	Name string `json:"name,omitempty" yaml:"name,omitempty"`
	Kind Kind   `json:"test_type" yaml:"kind"`

	// Target is the URL under test: http, https, or unix:/path/to.sock:/request/path.
	Target     string            `json:"target" yaml:"target"`
	Method     string            `json:"method,omitempty" yaml:"method,omitempty"` // default: GET, or POST with a body
	Headers    map[string]string `json:"headers,omitempty" yaml:"headers,omitempty"`
	Body       string            `json:"body,omitempty" yaml:"body,omitempty"`
	BodyBase64 string            `json:"body_base64,omitempty" yaml:"body_base64,omitempty"` // instead of Body, for binary data; no placeholders
	Expect     Expect            `json:"expect,omitzero" yaml:"expect,omitempty"`
	Requests   []Request         `json:"requests,omitempty" yaml:"requests,omitempty"` // instead of the one request above
	Order      string            `json:"order,omitempty" yaml:"order,omitempty"`       // weighted (default) or sequence

	// Scenarios replace requests: rate is then the number of users that start per second, count is
	// iterations, and an avalanche holds a constant number of users. The fields below belong to scenarios
	// only.
	Scenarios         []Scenario         `json:"scenarios,omitempty" yaml:"scenarios,omitempty"`
	Hosts             []string           `json:"hosts,omitempty" yaml:"hosts,omitempty"`                           // further origins that redirects and extracted URLs may lead to, besides those in the URLs of steps
	Setup             []Step             `json:"setup,omitempty" yaml:"setup,omitempty"`                           // run once by each driver before the load; its variables are available to every user
	Teardown          []Step             `json:"teardown,omitempty" yaml:"teardown,omitempty"`                     // run once by each driver after the load
	Users             int                `json:"users,omitempty" yaml:"users,omitempty"`                           // avalanche: concurrent users of the fleet; tsunami: their maximum number, default 1000
	Pace              Duration           `json:"pace_us,omitempty" yaml:"pace,omitempty"`                          // avalanche: minimum time between the starts of a user's iterations
	Finish            Duration           `json:"finish_us,omitempty" yaml:"finish,omitempty"`                      // time for unfinished iterations after the end of the run; default 30s
	SharedConnections bool               `json:"shared_connections,omitempty" yaml:"shared_connections,omitempty"` // users share the driver's connections instead of having one each
	Cookies           *bool              `json:"cookies,omitempty" yaml:"cookies,omitempty"`                       // users keep cookies; default true
	Redirects         int                `json:"redirects,omitempty" yaml:"redirects,omitempty"`                   // maximum number of redirects that a step follows; default 0
	Compressed        bool               `json:"compressed,omitempty" yaml:"compressed,omitempty"`                 // users accept gzip, Brotli and zstd
	Data              map[string]Dataset `json:"data,omitempty" yaml:"data,omitempty"`                             // tables that give each iteration one row
	Variables         map[string]string  `json:"variables,omitempty" yaml:"variables,omitempty"`                   // initial values of variables in each iteration
	Env               map[string]string  `json:"env,omitempty" yaml:"-"`                                           // {{env.NAME}}, resolved where the spec is composed
	Secrets           map[string]string  `json:"secrets,omitempty" yaml:"-"`                                       // {{secret.NAME}}, resolved where the spec is composed; redacted in reports

	// CSV is a table with a header row, for {{csv.column}} in paths, headers and bodies. Each request takes the next row, and the first
	// one after the last. With CSVSplit each driver uses its own part of the rows, otherwise all of them.
	CSV      string `json:"csv,omitempty" yaml:"csv,omitempty"`
	CSVSplit bool   `json:"csv_split,omitempty" yaml:"csv_split,omitempty"`

	// RateRPS and Count are for the fleet, Delay and CountPerDriver for each driver. A spec has at most one of each pair.
	RateRPS        float64  `json:"rate_rps,omitempty" yaml:"rate,omitempty"`
	Delay          Duration `json:"test_message_delay_us,omitempty" yaml:"delay,omitempty"`
	Stages         []Stage  `json:"stages,omitempty" yaml:"stages,omitempty"` // instead of a constant rate
	Count          int64    `json:"message_count,omitempty" yaml:"count,omitempty"`
	CountPerDriver int64    `json:"message_count_per_driver,omitempty" yaml:"count_per_driver,omitempty"`
	Duration       Duration `json:"duration_us,omitempty" yaml:"duration,omitempty"`

	Connections int      `json:"connections" yaml:"connections,omitempty"`     // per driver; default 64
	Timeout     Duration `json:"timeout_us" yaml:"timeout,omitempty"`          // of one request; default 10s
	Patience    Duration `json:"patience_us" yaml:"patience,omitempty"`        // how long a due request waits for a connection; default 10s
	Burst       bool     `json:"burst,omitempty" yaml:"burst,omitempty"`       // avalanche: all connections are opened before T0, even without keep-alive, and send their first requests together at T0
	Arrivals    string   `json:"arrivals,omitempty" yaml:"arrivals,omitempty"` // tsunami: even (default) or poisson
	Seed        uint64   `json:"seed,omitempty" yaml:"seed,omitempty"`         // of all random values
	NoKeepalive bool     `json:"no_keepalive,omitempty" yaml:"no_keepalive,omitempty"`
	ConnectRate float64  `json:"connect_rate,omitempty" yaml:"connect_rate,omitempty"` // new connections per second and driver; 0: no limit
	HTTP2       bool     `json:"http2,omitempty" yaml:"http2,omitempty"`
	Streams     int      `json:"streams,omitempty" yaml:"streams,omitempty"` // HTTP/2: maximum number of concurrent streams per connection; default 1
	Resolve     []string `json:"resolve,omitempty" yaml:"resolve,omitempty"` // host:port:address, or several addresses separated by commas
	Proxy       string   `json:"proxy,omitempty" yaml:"proxy,omitempty"`     // http://[user:password@]host:port of a forward proxy
	TLS         TLS      `json:"tls,omitzero" yaml:"tls,omitempty"`

	Thresholds    []Threshold `json:"thresholds,omitempty" yaml:"thresholds,omitempty"`
	Capacity      *Capacity   `json:"capacity,omitempty" yaml:"capacity,omitempty"`      // search for the highest rate that the target can sustain, instead of a rate
	Warmup        Duration    `json:"warmup_us,omitempty" yaml:"warmup,omitempty"`       // time from T0 that is counted in totals only, not in rates, percentiles, thresholds and comparisons
	OrphanTimeout Duration    `json:"orphan_timeout_us" yaml:"orphan_timeout,omitempty"` // how long a driver without contact to the orchestrator continues; default 30s
	// Takeover is when the share of a lost driver is reassigned. fast (default): at once, although a disconnected driver may still be
	// sending. safe: after the orphan timeout, when the driver is certain to have stopped.
	Takeover string `json:"takeover,omitempty" yaml:"takeover,omitempty"`
}

// Request is one of a spec's requests; empty fields default to the spec's.
type Request struct {
	Name       string            `json:"name" yaml:"name"`
	Weight     int               `json:"weight,omitempty" yaml:"weight,omitempty"` // relative share of the requests; default 1
	Method     string            `json:"method,omitempty" yaml:"method,omitempty"`
	URL        string            `json:"url,omitempty" yaml:"url,omitempty"` // relative to the target
	Headers    map[string]string `json:"headers,omitempty" yaml:"headers,omitempty"`
	Body       string            `json:"body,omitempty" yaml:"body,omitempty"`
	BodyBase64 string            `json:"body_base64,omitempty" yaml:"body_base64,omitempty"`
	Expect     Expect            `json:"expect,omitzero" yaml:"expect,omitempty"`
}

// Expect defines expected responses; all others are counted as unexpected.
type Expect struct {
	Statuses     Statuses `json:"statuses,omitempty" yaml:"statuses,omitempty"` // default: 200 to 399
	BodyContains string   `json:"body_contains,omitempty" yaml:"body_contains,omitempty"`
	MaxBytes     int64    `json:"max_bytes,omitempty" yaml:"max_bytes,omitempty"`
}

// TLS configures connections to https targets. Certificates and keys are PEM texts, not paths, since drivers run on other machines.
type TLS struct {
	ServerName string `json:"server_name,omitempty" yaml:"server_name,omitempty"`
	CA         string `json:"ca_pem,omitempty" yaml:"ca,omitempty"`
	Cert       string `json:"cert_pem,omitempty" yaml:"cert,omitempty"`
	Key        string `json:"key_pem,omitempty" yaml:"key,omitempty"`
	Insecure   bool   `json:"insecure,omitempty" yaml:"insecure,omitempty"`
}

// Threshold is a condition on the fleet's merged figures, such as "p99<250ms", "failed<1%", "rate>=950" or "p99[10s]<300ms".
type Threshold struct {
	Expr  string   `json:"expr" yaml:"expr"`
	Abort bool     `json:"abort,omitempty" yaml:"abort,omitempty"`    // stop the run when the condition fails
	After Duration `json:"after_us,omitempty" yaml:"after,omitempty"` // abort: time into the run before which the condition is not evaluated
}

// MarshalJSON writes whole microseconds.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.Std().Microseconds()) }

// UnmarshalJSON reads whole microseconds.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var us int64
	if err := json.Unmarshal(data, &us); err != nil {
		return fmt.Errorf("duration %.40s: must be whole microseconds", data)
	}
	const limit = int64(1<<63-1) / int64(time.Microsecond)
	if us < -limit || us > limit {
		return fmt.Errorf("duration %d: must be between -%d and %d microseconds", us, limit, limit)
	}
	*d = Duration(us * int64(time.Microsecond))
	return nil
}

// MarshalText writes a string such as "1m30s".
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.Std().String()), nil }

// UnmarshalText parses a duration like time.ParseDuration.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("duration %q: must be a number with a unit, such as 250ms, 10s or 1m30s", text)
	}
	*d = Duration(v)
	return nil
}

func (d Duration) String() string { return d.Std().String() }
