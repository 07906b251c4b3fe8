// Package specflags builds a spec from command-line arguments: a spec file, a URL, and flags that override them. Its errors name the flag
// as typed, or the file with line and column.
package specflags

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"landfall/cli/exit"
	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/script"
)

// Flags are the fields of a spec that can be set on the command line, where they override a spec file. Nil means not given.
type Flags struct {
	Connections       *int              `short:"c" placeholder:"N" help:"Connections per driver (64)."`
	Requests          *int64            `short:"n" alternatives:"count" placeholder:"N" help:"Number of requests, fleet total."`
	RequestsPerDriver *int64            `name:"requests-per-driver" alternatives:"count" placeholder:"N" help:"Number of requests per driver, instead of -n."`
	Duration          *time.Duration    `short:"z" placeholder:"TIME" help:"Duration, such as 30s or 5m (10s unless -n or --stage is given)."`
	Rate              *float64          `short:"q" alternatives:"pace" placeholder:"RPS" help:"Requests per second, fleet total; makes the run a tsunami."`
	Delay             *time.Duration    `alternatives:"pace" placeholder:"TIME" help:"Gap between requests of one driver, instead of -q; makes the run a tsunami."`
	Kind              *string           `placeholder:"KIND" help:"avalanche or tsunami (tsunami with -q, --delay or --stage, otherwise avalanche)."`
	Burst             bool              `help:"Avalanche: send all first requests at the same instant."`
	Stage             []string          `alternatives:"pace" sep:"none" placeholder:"TIME:RPS" help:"Tsunami: ramp to this rate within this time, or hold it if the rate is unchanged; repeatable, instead of -q."`
	Arrivals          *string           `placeholder:"HOW" help:"Tsunami: even or poisson (even)."`
	Method            *string           `short:"m" placeholder:"METHOD" help:"HTTP method (GET, or POST with a body)."`
	Header            []string          `short:"H" sep:"none" placeholder:"'NAME: VALUE'" help:"HTTP header; repeatable."`
	User              *string           `short:"u" placeholder:"USER:PASSWORD" help:"Basic authentication."`
	Body              *string           `short:"d" alternatives:"body" placeholder:"TEXT|@FILE" help:"Request body; @FILE reads a file, @- standard input."`
	BodyFile          *string           `short:"D" alternatives:"body" placeholder:"FILE" help:"Request body from a file; - for standard input."`
	Expect            []string          `name:"expect-status" sep:"none" placeholder:"200,3xx,400-404" help:"Expected status codes (200-399)."`
	Timeout           *time.Duration    `short:"t" placeholder:"TIME" help:"Request timeout (10s)."`
	Patience          *time.Duration    `placeholder:"TIME" help:"How long a due request waits for a free connection before it is dropped (10s)."`
	OrphanTimeout     *time.Duration    `name:"orphan-timeout" placeholder:"TIME" help:"How long a driver continues while it cannot read Kafka (30s)."`
	Takeover          *string           `placeholder:"WHEN" help:"When a lost driver's share is reassigned: fast, at once, or safe, after its orphan timeout (fast)."`
	NoKeepalive       bool              `name:"no-keepalive" help:"Open a new connection for every request."`
	ConnectRate       *float64          `name:"connect-rate" placeholder:"N" help:"New connections per second and driver (no limit)."`
	HTTP2             bool              `name:"http2" help:"Use HTTP/2."`
	Streams           *int              `placeholder:"N" help:"With --http2: concurrent streams per connection (1)."`
	Insecure          bool              `short:"k" help:"Do not verify the target's certificate."`
	CACert            *string           `name:"cacert" placeholder:"FILE" help:"CA certificates to trust (the driver's system store)."`
	Cert              *string           `placeholder:"FILE" help:"Client certificate."`
	Key               *string           `placeholder:"FILE" help:"Private key of --cert."`
	ServerName        *string           `name:"server-name" placeholder:"HOST" help:"TLS server name to send and to verify (the target's host)."`
	Proxy             *string           `short:"x" placeholder:"URL" help:"Forward proxy, http://[USER:PASSWORD@]HOST:PORT; https targets are reached through its tunnels."`
	Resolve           []string          `sep:"none" placeholder:"HOST:PORT:ADDR" help:"Use this address, or several separated by commas, for a host, as curl does; repeatable."`
	Threshold         []string          `sep:"none" placeholder:"'p99<250ms'" help:"Condition on the fleet's figures, such as 'failed{request=login}<1%' or 'p99[10s]<300ms'; exit 99 if it fails; repeatable."`
	Abort             []string          `sep:"none" placeholder:"'failed<5%'" help:"Condition that stops the run when the last 10 s (or its own window) fail it; exit 108; repeatable."`
	Warmup            *time.Duration    `placeholder:"TIME" help:"Time from the start that is counted in totals but excluded from latencies, conditions and comparisons."`
	Capacity          *loadgen.Capacity `kong:"-"` // set by landfall capacity
	AbortAfter        *time.Duration    `name:"abort-after" placeholder:"TIME" help:"Time into the run before --abort is first evaluated."`
	Env               []string          `short:"e" name:"env" env:"-" sep:"none" placeholder:"NAME=VALUE" help:"Value of {{env.NAME}} and {{secret.NAME}} (the environment's); repeatable."`

	Note  func(string) `kong:"-"` // receives notes on an accepted command line; may be nil
	Trial bool         `kong:"-"` // the spec is for one user: it need not have users

	bodyData []byte // content of the file that -d or -D names; nil: none
}

// defaultDuration is the duration of a run without -z, -n or stages, as in wrk.
const defaultDuration = 10 * time.Second

// Spec builds the spec from the arguments of `run`, an optional spec file and an optional URL, and the flags, which override both.
func (f Flags) Spec(args []string, stdin io.Reader) (loadgen.Spec, error) {
	file, target, err := f.split(args)
	if err != nil {
		return loadgen.Spec{}, err
	}
	if f.Body, f.bodyData, err = f.body(stdin, file == "-"); err != nil {
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

// over applies the flags to the spec of a file, which may be nil.
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
	if f.Trial && len(s.Scenarios) > 0 && s.Users == 0 && !s.OwnLoads() {
		s.Users = 1
	}
	if s.Count == 0 && s.CountPerDriver == 0 && s.Duration == 0 && s.Ends() == 0 && len(s.Stages) == 0 && s.Capacity == nil {
		s.Duration = loadgen.Duration(defaultDuration)
	}
	lookup, err := f.environment()
	if err != nil {
		return s, err
	}
	s = s.WithDefaults().Compose(lookup)
	if err := f.checkStages(s); err != nil {
		return s, err
	}
	return s, script.Check(s)
}

// environment returns a function that looks up names among the values of -e, and then in the environment.
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

// checkStages refuses a duration that the stages cannot fill.
func (f Flags) checkStages(s loadgen.Spec) error {
	var total time.Duration
	for _, stage := range s.Stages {
		if stage.Duration == 0 { // endless
			return nil
		}
		total += stage.Duration.Std()
	}
	if total == 0 || f.Duration == nil || *f.Duration <= total {
		return nil
	}
	return &field.Error{Field: "duration", Value: f.Duration.String(), Want: fmt.Sprintf("the stages last only %s: add a stage, or leave out the duration", total)}
}

// zeros refuses an explicit 0, in a flag or a spec file, because 0 in a spec means "not set".
func (f Flags) zeros(s loadgen.Spec, given *specFile) error {
	for _, z := range []struct {
		flag, file  bool // the value is 0; file: 0 or missing
		field, want string
	}{
		{zero(f.Rate), f.Rate == nil && s.RateRPS == 0, "rate", "must be between 0.01 and 10000000 requests per second"},
		{zero(f.Connections), f.Connections == nil && s.Connections == 0, "connections", fmt.Sprintf("must be between 1 and %d per driver", loadgen.MaxConnections)},
		{zero(f.Streams), f.Streams == nil && s.Streams == 0, "streams", fmt.Sprintf("must be between 1 and %d per connection", loadgen.MaxStreams)},
		{zero(f.Requests), f.Requests == nil && s.Count == 0, "count", fmt.Sprintf("must be between 1 and %d", loadgen.MaxCount)},
		{zero(f.RequestsPerDriver), f.RequestsPerDriver == nil && s.CountPerDriver == 0, "count_per_driver", fmt.Sprintf("must be between 1 and %d", loadgen.MaxCount/10000)},
		{zero(f.Duration), f.Duration == nil && s.Duration == 0, "duration", "must be between 1ms and 168h"},
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

// zero reports whether a flag was given as 0.
func zero[T comparable](flag *T) bool { return flag != nil && *flag == *new(T) }

// lay applies the flags that were given to a spec.
func (f Flags) lay(s *loadgen.Spec) error {
	set(&s.Connections, f.Connections)
	set(&s.ConnectRate, f.ConnectRate)
	set(&s.Streams, f.Streams)
	if f.Method != nil {
		s.Method = method(*f.Method)
	}
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
	if set(&s.Proxy, f.Proxy); f.Proxy != nil && *f.Proxy != "" && !strings.Contains(*f.Proxy, "://") {
		s.Proxy = "http://" + *f.Proxy
	}
	if len(f.Expect) > 0 {
		statuses, err := loadgen.ParseStatuses(strings.Join(f.Expect, ","))
		if err != nil {
			return err
		}
		s.Expect.Statuses = statuses
	}
	if err := f.layThresholds(s); err != nil {
		return err
	}
	if err := f.layTLS(s); err != nil {
		return err
	}
	if f.bodyData != nil {
		s.SetBody(f.bodyData)
	}
	return f.layHeaders(s)
}

// layPace replaces the pace of a spec file, which is one of rate, delay and stages.
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

// parseStage parses TIME:RPS, the notation of k6.
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
		return &field.Error{Field: "thresholds.after", Value: f.AbortAfter.String(), Want: "needs --abort"}
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
			return exit.Unread(file.flag, err)
		}
		*file.to = string(data)
	}
	return f.checkTLS(s.TLS)
}

// checkTLS reports files without valid certificates before the spec is sent to a driver.
func (f Flags) checkTLS(t loadgen.TLS) error {
	if f.CACert != nil && !x509.NewCertPool().AppendCertsFromPEM([]byte(t.CA)) {
		return fmt.Errorf("--cacert %s: must hold PEM certificates", *f.CACert)
	}
	if f.Cert == nil || f.Key == nil {
		return nil
	}
	if _, err := tls.X509KeyPair([]byte(t.Cert), []byte(t.Key)); err != nil {
		return fmt.Errorf("--cert %s, --key %s: must be a PEM certificate and its private key: %s", *f.Cert, *f.Key, strings.TrimPrefix(err.Error(), "tls: "))
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
