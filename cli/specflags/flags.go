// Package specflags makes a spec of what was typed: a spec file, a URL and flags, laid over each other. Its errors name the
// flag as typed, or the file with line and column.
package specflags

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/script"
)

// Flags are the parts of a spec that the command line can give, and override in a spec file. Nil: not given.
type Flags struct {
	Connections       *int              `short:"c" placeholder:"N" help:"Connections per driver (64)."`
	Requests          *int64            `short:"n" placeholder:"N" help:"Requests of the whole fleet."`
	RequestsPerDriver *int64            `name:"requests-per-driver" placeholder:"N" help:"Requests of each driver, instead of -n."`
	Duration          *time.Duration    `short:"z" placeholder:"TIME" help:"How long, such as 30s or 5m (10s if neither this nor a number of requests is given)."`
	Rate              *float64          `short:"q" placeholder:"RPS" help:"Requests per second of the whole fleet: a tsunami."`
	Delay             *time.Duration    `placeholder:"TIME" help:"Gap between two requests of one driver, instead of -q: a tsunami."`
	Kind              *string           `placeholder:"KIND" help:"avalanche or tsunami; else -q or --delay make a tsunami, neither an avalanche."`
	Burst             bool              `help:"Avalanche: all first requests at one instant."`
	Stage             []string          `sep:"none" placeholder:"TIME:RPS" help:"Tsunami: go to this rate within this time (the same rate again holds it); repeatable, instead of -q."`
	Arrivals          *string           `placeholder:"HOW" help:"Tsunami: even (default) or poisson."`
	Method            *string           `short:"m" placeholder:"METHOD" help:"HTTP method (GET, or POST with a body)."`
	Header            []string          `short:"H" sep:"none" placeholder:"'NAME: VALUE'" help:"HTTP header; repeatable."`
	Body              *string           `short:"d" placeholder:"TEXT" help:"Request body."`
	BodyFile          *string           `short:"D" placeholder:"FILE" help:"Request body from a file."`
	Expect            []int             `name:"expect-status" placeholder:"STATUS,…" help:"Statuses that are as they should be (200 to 399)."`
	Timeout           *time.Duration    `short:"t" placeholder:"TIME" help:"Of one request (10s)."`
	Patience          *time.Duration    `placeholder:"TIME" help:"How long a due request waits for a free connection before it is dropped (10s)."`
	OrphanTimeout     *time.Duration    `name:"orphan-timeout" placeholder:"TIME" help:"How long a driver goes on when it cannot read Kafka (30s)."`
	Takeover          *string           `placeholder:"WHEN" help:"When others get a lost driver's share: fast, at once (default), or safe, after its orphan timeout."`
	NoKeepalive       bool              `name:"no-keepalive" help:"A new connection for every request."`
	ConnectRate       *float64          `name:"connect-rate" placeholder:"N" help:"New connections per second and driver (no limit)."`
	HTTP2             bool              `name:"http2" help:"Speak HTTP/2."`
	Streams           *int              `placeholder:"N" help:"With --http2: concurrent streams per connection (1)."`
	Insecure          bool              `short:"k" help:"Do not verify the target's certificate."`
	CACert            *string           `name:"cacert" placeholder:"FILE" help:"Certificates that the target's must come from (those of the driver's system)."`
	Cert              *string           `placeholder:"FILE" help:"Client certificate to show to the target."`
	Key               *string           `placeholder:"FILE" help:"Private key of --cert."`
	ServerName        *string           `name:"server-name" placeholder:"HOST" help:"Name to ask for, and to verify, in TLS (the target's host)."`
	Resolve           []string          `sep:"none" placeholder:"HOST:PORT:ADDR" help:"Use this address, or several with commas between, for a host, as curl does; repeatable."`
	Threshold         []string          `sep:"none" placeholder:"'p99<250ms'" help:"Condition on the fleet's figures, such as 'failed{request=login}<1%' or 'p99[10s]<300ms': exit 99 if it does not hold; repeatable."`
	Abort             []string          `sep:"none" placeholder:"'failed<5%'" help:"Condition that stops the run when the last 10 s (or its own window) do not meet it: exit 108; repeatable."`
	Warmup            *time.Duration    `placeholder:"TIME" help:"Time from the start that is counted in totals but left out of latencies, conditions and comparisons."`
	Capacity          *loadgen.Capacity `kong:"-"` // of landfall capacity
	AbortAfter        *time.Duration    `name:"abort-after" placeholder:"TIME" help:"How long into the run --abort is first judged."`
	Env               []string          `short:"e" name:"env" env:"-" sep:"none" placeholder:"NAME=VALUE" help:"Value of {{env.NAME}} and {{secret.NAME}} in a scenario (the environment's); repeatable."`
}

// defaultDuration is how long a run lasts when nothing says so, as with wrk.
const defaultDuration = 10 * time.Second

// Spec reads the arguments of `run`, a spec file and a URL, each of them optional, and lays the flags over them.
func (f Flags) Spec(args []string, stdin io.Reader) (loadgen.Spec, error) {
	file, target, err := split(args)
	if err != nil {
		return loadgen.Spec{}, err
	}
	var given *specFile
	if file != "" {
		if given, err = openSpec(file, stdin); err != nil {
			return loadgen.Spec{}, err
		}
	}
	s, err := f.over(given, target)
	return s, given.place(err)
}

// over lays the flags over what a spec file, nil for none, gives.
func (f Flags) over(given *specFile, target string) (loadgen.Spec, error) {
	var s loadgen.Spec
	if given != nil {
		s = given.spec
	}
	if target != "" {
		s.Target = target
	}
	if err := f.zeros(s, given); err != nil {
		return s, err
	}
	if err := f.lay(&s); err != nil {
		return s, err
	}
	if f.Capacity != nil {
		s.Capacity = f.Capacity
	}
	if s.Count == 0 && s.CountPerDriver == 0 && s.Duration == 0 && len(s.Stages) == 0 && s.Capacity == nil {
		s.Duration = loadgen.Duration(defaultDuration)
	}
	lookup, err := f.environment()
	if err != nil {
		return s, err
	}
	s = s.WithDefaults().Compose(lookup)
	return s, script.Check(s)
}

// environment looks names up among the values of -e, and then in the environment.
func (f Flags) environment() (func(name string) (string, bool), error) {
	given := map[string]string{}
	for _, text := range f.Env {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("-e %q: must be NAME=VALUE", text)
		}
		given[name] = value
	}
	return func(name string) (string, bool) {
		if value, ok := given[name]; ok {
			return value, true
		}
		return os.LookupEnv(name)
	}, nil
}

// split tells a spec file from a URL.
func split(args []string) (file, target string, err error) {
	for _, a := range args {
		slot := &file
		if strings.Contains(a, "://") || strings.HasPrefix(a, "unix:") {
			slot = &target
		}
		if *slot != "" {
			return "", "", fmt.Errorf("%q and %q: one spec file and one URL at most", *slot, a)
		}
		*slot = a
	}
	if file == "" && target == "" {
		return "", "", errors.New("what to load is missing: a URL, such as http://127.0.0.1:8080/ping, or a spec file")
	}
	return file, target, nil
}

// zeros refuses numbers that were given as 0, by a flag or in a spec file: in a spec that would mean that they were not.
func (f Flags) zeros(s loadgen.Spec, given *specFile) error {
	for _, z := range []struct {
		flag, file  bool // it is 0 there; file: or not there at all
		field, want string
	}{
		{zero(f.Rate), f.Rate == nil && s.RateRPS == 0, "rate", "must be between 0.01 and 10000000 requests per second"},
		{zero(f.Connections), f.Connections == nil && s.Connections == 0, "connections", fmt.Sprintf("must be between 1 and %d per driver", loadgen.MaxConnections)},
		{zero(f.Streams), f.Streams == nil && s.Streams == 0, "streams", fmt.Sprintf("must be between 1 and %d per connection", loadgen.MaxStreams)},
		{zero(f.Requests), f.Requests == nil && s.Count == 0, "count", fmt.Sprintf("must be between 1 and %d", loadgen.MaxCount)},
		{zero(f.RequestsPerDriver), f.RequestsPerDriver == nil && s.CountPerDriver == 0, "count_per_driver", fmt.Sprintf("must be between 1 and %d", loadgen.MaxCount/10000)},
		{zero(f.Duration), f.Duration == nil && s.Duration == 0, "duration", fmt.Sprintf("must be between 1ms and %s", loadgen.MaxDuration)},
		{zero(f.Delay), f.Delay == nil && s.Delay == 0, "delay", "must be between 1µs and 1h"},
		{zero(f.Timeout), f.Timeout == nil && s.Timeout == 0, "timeout", "must be between 1ms and 1h"},
		{zero(f.Patience), f.Patience == nil && s.Patience == 0, "patience", "must be between 1ms and 1h"},
		{zero(f.OrphanTimeout), f.OrphanTimeout == nil && s.OrphanTimeout == 0, "orphan_timeout", "must be between 5s and 24h"},
	} {
		if z.flag || z.file && given.has(z.field) {
			return &field.Error{Field: z.field, Value: "0", Want: z.want}
		}
	}
	return nil
}

// zero tells whether a flag was given as 0.
func zero[T comparable](flag *T) bool { return flag != nil && *flag == *new(T) }

// lay puts the flags that were given over a spec.
func (f Flags) lay(s *loadgen.Spec) error {
	set(&s.Connections, f.Connections)
	set(&s.ConnectRate, f.ConnectRate)
	set(&s.Streams, f.Streams)
	set(&s.Method, f.Method)
	set(&s.Arrivals, f.Arrivals)
	set(&s.Takeover, f.Takeover)
	if f.Body != nil {
		s.SetBody([]byte(*f.Body))
	}
	setDuration(&s.Duration, f.Duration)
	setDuration(&s.Timeout, f.Timeout)
	setDuration(&s.Patience, f.Patience)
	setDuration(&s.Warmup, f.Warmup)
	setDuration(&s.OrphanTimeout, f.OrphanTimeout)
	if f.Kind != nil {
		s.Kind = loadgen.Kind(*f.Kind)
	}
	if err := f.layPace(s); err != nil {
		return err
	}
	f.layCount(s)
	s.Burst = s.Burst || f.Burst
	s.NoKeepalive = s.NoKeepalive || f.NoKeepalive
	s.HTTP2 = s.HTTP2 || f.HTTP2
	s.TLS.Insecure = s.TLS.Insecure || f.Insecure
	s.Resolve = append(s.Resolve, f.Resolve...)
	if len(f.Expect) > 0 {
		s.Expect.Statuses = f.Expect
	}
	if err := f.layThresholds(s); err != nil {
		return err
	}
	if err := f.layTLS(s); err != nil {
		return err
	}
	if err := f.layHeaders(s); err != nil {
		return err
	}
	return f.layBody(s)
}

// layPace replaces the whole pace of a spec file: it gives one of rate, delay and stages.
func (f Flags) layPace(s *loadgen.Spec) error {
	if f.Rate == nil && f.Delay == nil && len(f.Stage) == 0 {
		return nil
	}
	s.RateRPS, s.Delay, s.Stages = 0, 0, nil
	set(&s.RateRPS, f.Rate)
	setDuration(&s.Delay, f.Delay)
	for _, text := range f.Stage {
		stage, err := parseStage(text)
		if err != nil {
			return err
		}
		s.Stages = append(s.Stages, stage)
	}
	return nil
}

// parseStage reads TIME:RPS, as k6 has it.
func parseStage(text string) (loadgen.Stage, error) {
	long, rate, _ := strings.Cut(text, ":")
	d, err := time.ParseDuration(long)
	to, wrong := strconv.ParseFloat(rate, 64)
	if err != nil || wrong != nil {
		return loadgen.Stage{}, &field.Error{Field: "stages", Value: fmt.Sprintf("%q", text), Want: "must be like 30s:1000, a time and the rate at its end"}
	}
	return loadgen.Stage{Duration: loadgen.Duration(d), To: to}, nil
}

func (f Flags) layThresholds(s *loadgen.Spec) error {
	if f.AbortAfter != nil && len(f.Abort) == 0 {
		return &field.Error{Field: "thresholds.after", Value: f.AbortAfter.String(), Want: "needs --abort, of which it says when it is first judged"}
	}
	for _, expr := range f.Threshold {
		s.Thresholds = append(s.Thresholds, loadgen.Threshold{Expr: expr})
	}
	for _, expr := range f.Abort {
		t := loadgen.Threshold{Expr: expr, Abort: true}
		setDuration(&t.After, f.AbortAfter)
		s.Thresholds = append(s.Thresholds, t)
	}
	return nil
}

func (f Flags) layTLS(s *loadgen.Spec) error {
	set(&s.TLS.ServerName, f.ServerName)
	for _, file := range []struct {
		flag string
		path *string
		to   *string
	}{{"--cacert", f.CACert, &s.TLS.CA}, {"--cert", f.Cert, &s.TLS.Cert}, {"--key", f.Key, &s.TLS.Key}} {
		if file.path == nil {
			continue
		}
		data, err := os.ReadFile(*file.path)
		if err != nil {
			return fmt.Errorf("%s: %w", file.flag, err)
		}
		*file.to = string(data)
	}
	return nil
}

func (f Flags) layCount(s *loadgen.Spec) {
	if f.Requests == nil && f.RequestsPerDriver == nil {
		return
	}
	s.Count, s.CountPerDriver = 0, 0
	set(&s.Count, f.Requests)
	set(&s.CountPerDriver, f.RequestsPerDriver)
}

// layHeaders replaces the headers of a spec file that flags name, in whatever case. What one header is given in several flags
// is joined.
func (f Flags) layHeaders(s *loadgen.Spec) error {
	var names []string // as first typed
	values := map[string][]string{}
	for _, h := range f.Header {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return &field.Error{Field: "headers", Value: fmt.Sprintf("%q", h), Want: "must be like 'Name: value'"}
		}
		name = strings.TrimSpace(name)
		if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) }); i >= 0 {
			name = names[i]
		} else {
			names = append(names, name)
		}
		values[name] = append(values[name], strings.TrimSpace(value))
	}
	for _, name := range names {
		value, ok := loadgen.JoinHeader(name, values[name])
		if !ok {
			return &field.Error{Field: "headers." + name, Value: name, Want: fmt.Sprintf("is given %d times, and a request has it once", len(values[name]))}
		}
		if s.Headers == nil {
			s.Headers = map[string]string{}
		}
		maps.DeleteFunc(s.Headers, func(have, _ string) bool { return strings.EqualFold(have, name) })
		s.Headers[name] = value
	}
	return nil
}

func (f Flags) layBody(s *loadgen.Spec) error {
	if f.BodyFile == nil {
		return nil
	}
	if f.Body != nil {
		return &field.Error{Field: "body", Want: "give -d or -D, not both"}
	}
	data, err := os.ReadFile(*f.BodyFile)
	if err != nil {
		return fmt.Errorf("-D: %w", err)
	}
	s.SetBody(data)
	return nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func setDuration(to *loadgen.Duration, from *time.Duration) {
	if from != nil {
		*to = loadgen.Duration(*from)
	}
}
