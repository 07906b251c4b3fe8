package loadgen

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/http/httpguts"

	"landfall/loadgen/field"
)

// Limits of a spec.
const (
	MinRate        = 0.01 // requests per second of the fleet
	MaxRate        = 1e7
	MaxConnections = 100_000 // per driver
	MaxStreams     = 1000
	MaxDuration    = 7 * 24 * time.Hour
	MaxCount       = int64(1e12)
	MaxBody        = 4 << 20
	MaxRequests    = 256
	maxStages      = 100
	maxThresholds  = 64
	MaxStatus      = 999 // some targets respond with 999
)

// WithDefaults replaces zero values by the defaults.
func (s Spec) WithDefaults() Spec {
	if s.Capacity != nil {
		s = s.searching()
	}
	if s.Kind == "" {
		s.Kind = Avalanche
		if s.OwnLoads() {
			s.Kind = s.kindOfLoads()
		} else if s.RateRPS != 0 || s.Delay != 0 || len(s.Stages) > 0 && !s.ramped() {
			s.Kind = Tsunami
		}
	}
	if s.Method == "" {
		s.Method = "GET"
		if s.Body != "" || s.BodyBase64 != "" {
			s.Method = "POST"
		}
	}
	for _, d := range []struct {
		field *Duration
		value time.Duration
	}{{&s.Timeout, 10 * time.Second}, {&s.Patience, 10 * time.Second}, {&s.OrphanTimeout, 30 * time.Second}} {
		if *d.field == 0 {
			*d.field = Duration(d.value)
		}
	}
	if len(s.Scenarios) > 0 {
		s = s.withScenarioDefaults()
	}
	if s.Connections == 0 {
		s.Connections = 64
	}
	if s.Streams == 0 {
		s.Streams = 1
	}
	if s.Order == "" && len(s.Requests) > 0 {
		s.Order = "weighted"
	}
	if s.Arrivals == "" && s.Kind == Tsunami {
		s.Arrivals = "even"
	}
	return s
}

// Validate returns a [*field.Error] for the first invalid field. Call it after [Spec.WithDefaults].
func (s Spec) Validate() error {
	for _, check := range []func() error{s.checkKind, s.CheckTarget, s.checkLoads, s.checkPace, s.checkExtent, s.checkBounds, s.checkRequests, s.checkScenarios, s.checkProxy, s.checkResolve, s.checkChoices, s.checkThresholds, s.checkCapacity} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (s Spec) checkKind() error {
	if s.Kind != Avalanche && s.Kind != Tsunami {
		return field.Wrong("kind", string(s.Kind), "must be avalanche or tsunami")
	}
	return nil
}

// CheckTarget validates only the target.
func (s Spec) CheckTarget() error {
	if s.Target == "" {
		return field.Wrong("target", "", "must be a URL, such as http://127.0.0.1:8080/ping")
	}
	if len(s.Target) > 8192 {
		return field.Wrong("target", s.Target, "must be at most 8192 bytes long")
	}
	_, err := ParseTarget("target", s.Target)
	return err
}

// invisible reports whether a character cannot be displayed as text: control and formatting characters, including those that change the
// text direction, and invalid UTF-8.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs) || r == utf8.RuneError
}

func (s Spec) checkPace() error {
	given := 0
	for _, set := range []bool{s.RateRPS != 0, s.Delay != 0, len(s.Stages) > 0} {
		if set {
			given++
		}
	}
	switch {
	case s.OwnLoads():
		return nil // validated by checkLoads
	case s.Kind == Avalanche && s.ramped() && given == 1:
		return checkStages("", s.Kind, s.Stages)
	case s.Kind == Avalanche && given > 0:
		return field.Wrong("kind", string(s.Kind), "rate, delay and stages need a tsunami")
	case s.Kind == Avalanche:
		return nil
	case given == 0:
		return field.Wrong("rate", "", "a tsunami needs a rate, a delay or stages")
	case given > 1:
		return field.Wrong("rate", s.RateRPS, "set only one of rate, delay and stages")
	case s.RateRPS != 0 && !(s.RateRPS >= MinRate && s.RateRPS <= MaxRate):
		return field.Wrong("rate", s.RateRPS, "must be between 0.01 and 10000000 requests per second")
	case s.Delay != 0 && (s.Delay < Duration(time.Microsecond) || s.Delay.Std() > time.Hour):
		return field.Wrong("delay", s.Delay, "must be between 1µs and 1h")
	}
	return checkStages("", s.Kind, s.Stages)
}

// checkStages validates stages. prefix is their place in the spec, for error messages.
func checkStages(prefix string, kind Kind, stages []Stage) error {
	if len(stages) > maxStages {
		return field.Wrong(prefix+"stages", len(stages), "must be at most %d", maxStages)
	}
	for i, st := range stages {
		at := fmt.Sprintf("%sstages[%d]", prefix, i)
		switch {
		case !(st.To >= 0 && st.To <= MaxRate):
			return field.Wrong(at+".rate", st.To, "must be between 0 and 10000000 requests per second")
		case st.From != nil && !(*st.From >= 0 && *st.From <= MaxRate):
			return field.Wrong(at+".from", *st.From, "must be between 0 and 10000000 requests per second")
		case st.Duration < 0 || st.Duration.Std() > MaxDuration:
			return field.Wrong(at+".duration", st.Duration, "must be between 0 and 168h")
		case st.Duration == 0 && i < len(stages)-1:
			return field.Wrong(at+".duration", st.Duration, "must be set, except for the last stage")
		}
	}
	return nil
}

func (s Spec) checkExtent() error {
	switch {
	case s.Count != 0 && s.CountPerDriver != 0:
		return field.Wrong("count", s.Count, "set count (for the fleet) or count_per_driver, not both")
	case s.Count < 0 || s.Count > MaxCount:
		return field.Wrong("count", s.Count, "must be between 1 and %d", MaxCount)
	case s.CountPerDriver < 0 || s.CountPerDriver > MaxCount/10000:
		return field.Wrong("count_per_driver", s.CountPerDriver, "must be between 1 and %d", MaxCount/10000)
	case s.Duration < 0 || s.Duration.Std() > MaxDuration:
		return field.Wrong("duration", s.Duration, "must be between 1ms and 168h")
	case s.Duration > 0 && s.Duration.Std() < time.Millisecond:
		return field.Wrong("duration", s.Duration, "must be between 1ms and 168h")
	case s.Count == 0 && s.CountPerDriver == 0 && s.Ends() == 0:
		return field.Wrong("duration", "", "the run needs an end: set duration or count")
	}
	return nil
}

func (s Spec) checkBounds() error {
	switch {
	case s.Connections < 1 || s.Connections > MaxConnections:
		return field.Wrong("connections", s.Connections, "must be between 1 and %d per driver", MaxConnections)
	case s.Streams < 1 || s.Streams > MaxStreams:
		return field.Wrong("streams", s.Streams, "must be between 1 and %d per connection", MaxStreams)
	case s.Streams > 1 && !s.HTTP2:
		return field.Wrong("streams", s.Streams, "more than one stream needs http2")
	case s.Timeout.Std() < time.Millisecond || s.Timeout.Std() > time.Hour:
		return field.Wrong("timeout", s.Timeout, "must be between 1ms and 1h")
	case s.Patience.Std() < time.Millisecond || s.Patience.Std() > time.Hour:
		return field.Wrong("patience", s.Patience, "must be between 1ms and 1h")
	case s.OrphanTimeout.Std() < 5*time.Second || s.OrphanTimeout.Std() > 24*time.Hour:
		return field.Wrong("orphan_timeout", s.OrphanTimeout, "must be between 5s and 24h")
	case s.Takeover != "" && s.Takeover != "fast" && s.Takeover != "safe":
		return field.Wrong("takeover", s.Takeover, "must be fast or safe")
	case !(s.ConnectRate >= 0 && s.ConnectRate <= 1e6):
		return field.Wrong("connect_rate", s.ConnectRate, "must be between 0 (no limit) and 1000000 per second")
	case len(s.Name) > 120:
		return field.Wrong("name", s.Name, "must be at most 120 bytes")
	}
	return nil
}

func (s Spec) checkRequests() error {
	if len(s.Requests) > MaxRequests {
		return field.Wrong("requests", len(s.Requests), "must be at most %d", MaxRequests)
	}
	whole := Request{Method: s.Method, Headers: s.Headers, Body: s.Body, BodyBase64: s.BodyBase64, Expect: s.Expect}
	if err := checkRequest("", whole); err != nil {
		return err
	}
	names := map[string]bool{}
	for i, r := range s.Requests {
		at := fmt.Sprintf("requests[%d].", i)
		if r.Name == "" || len(r.Name) > 120 || names[r.Name] {
			return field.Wrong(at+"name", r.Name, "must be set and unique, with at most 120 bytes")
		}
		names[r.Name] = true
		if err := checkRequest(at, r); err != nil {
			return err
		}
	}
	return nil
}

func checkRequest(at string, r Request) error {
	if r.Method != "" && !httpguts.ValidHeaderFieldName(r.Method) {
		return field.Wrong(at+"method", r.Method, "must be an HTTP method, such as GET")
	}
	if r.Weight < 0 || r.Weight > 1e6 {
		return field.Wrong(at+"weight", r.Weight, "must be between 1 and 1000000")
	}
	if len(r.Headers) > 256 {
		return field.Wrong(at+"headers", len(r.Headers), "must be at most 256")
	}
	for name, value := range r.Headers {
		if !httpguts.ValidHeaderFieldName(name) {
			return field.Wrong(at+"headers", name, "is not a valid header name")
		}
		if len(value) > 32<<10 {
			return field.Wrong(at+"headers."+name, field.Hidden, "must be at most 32768 bytes long")
		}
		if !httpguts.ValidHeaderFieldValue(value) {
			return field.Wrong(at+"headers."+name, field.Hidden, "is not a valid header value")
		}
		if !utf8.ValidString(value) {
			return field.Wrong(at+"headers."+name, field.Hidden, "is not valid UTF-8")
		}
	}
	if err := checkBody(at, r.Body, r.BodyBase64); err != nil {
		return err
	}
	if strings.ContainsFunc(r.URL, invisible) {
		return field.Wrong(at+"url", r.URL, "must not contain control characters")
	}
	if i := strings.Index(r.URL, "://"); i > 0 && !strings.ContainsAny(r.URL[:i], "/?#") {
		if _, err := ParseTarget(at+"url", r.URL); err != nil {
			return err
		}
	}
	for _, status := range r.Expect.Statuses {
		if status < 100 || status > MaxStatus {
			return field.Wrong(at+"expect.statuses", status, "must be between 100 and %d", MaxStatus)
		}
	}
	if r.Expect.MaxBytes < 0 {
		return field.Wrong(at+"expect.max_bytes", r.Expect.MaxBytes, "must not be negative")
	}
	return nil
}

func (s Spec) checkChoices() error {
	switch {
	case s.Order != "" && s.Order != "weighted" && s.Order != "sequence":
		return field.Wrong("order", s.Order, "must be weighted or sequence")
	case s.Arrivals != "" && s.Arrivals != "even" && s.Arrivals != "poisson":
		return field.Wrong("arrivals", s.Arrivals, "must be even or poisson")
	case s.Arrivals != "" && s.Kind == Avalanche:
		return field.Wrong("arrivals", s.Arrivals, "only a tsunami has arrivals")
	case s.Burst && s.Kind != Avalanche:
		return field.Wrong("burst", s.Burst, "only an avalanche has a burst")
	}
	return nil
}

func (s Spec) checkThresholds() error {
	if w := s.Warmup.Std(); w < 0 || w > MaxDuration || w%time.Second != 0 || s.Duration > 0 && s.Warmup >= s.Duration {
		return field.Wrong("warmup", s.Warmup, "must be whole seconds, and shorter than the duration")
	}
	if len(s.Thresholds) > maxThresholds {
		return field.Wrong("thresholds", len(s.Thresholds), "must be at most %d", maxThresholds)
	}
	for _, t := range s.Thresholds {
		if err := s.checkThreshold(t); err != nil {
			return err
		}
	}
	return nil
}
