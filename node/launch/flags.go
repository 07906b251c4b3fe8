package launch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen"
)

// Flags are the parts of a spec that the command line can give, and override in a spec file. Nil: not given.
type Flags struct {
	Connections       *int           `short:"c" placeholder:"N" help:"Connections per driver (64)."`
	Requests          *int64         `short:"n" placeholder:"N" help:"Requests of the whole fleet."`
	RequestsPerDriver *int64         `name:"requests-per-driver" placeholder:"N" help:"Requests of each driver, instead of -n."`
	Duration          *time.Duration `short:"z" placeholder:"TIME" help:"How long, such as 30s or 5m (10s if neither this nor a number of requests is given)."`
	Rate              *float64       `short:"q" placeholder:"RPS" help:"Requests per second of the whole fleet: a tsunami."`
	Delay             *time.Duration `placeholder:"TIME" help:"Gap between two requests of one driver, instead of -q: a tsunami."`
	Kind              *string        `placeholder:"KIND" help:"avalanche or tsunami; else -q or --delay make a tsunami, neither an avalanche."`
	Burst             bool           `help:"Avalanche: all first requests at one instant."`
	Stage             []string       `sep:"none" placeholder:"TIME:RPS" help:"Tsunami: go to this rate within this time (the same rate again holds it); as often as wanted, instead of -q."`
	Arrivals          *string        `placeholder:"HOW" help:"Tsunami: even (default) or poisson."`
	Method            *string        `short:"m" placeholder:"METHOD" help:"HTTP method (GET, or POST with a body)."`
	Header            []string       `short:"H" sep:"none" placeholder:"'NAME: VALUE'" help:"HTTP header; as often as wanted."`
	Body              *string        `short:"d" placeholder:"TEXT" help:"Request body."`
	BodyFile          *string        `short:"D" placeholder:"FILE" help:"Request body from a file."`
	Expect            []int          `name:"expect-status" placeholder:"STATUS,…" help:"Statuses that are as they should be (200 to 399)."`
	Timeout           *time.Duration `short:"t" placeholder:"TIME" help:"Of one request (10s)."`
	Patience          *time.Duration `placeholder:"TIME" help:"How long a due request waits for a free connection before it is dropped (10s)."`
	OrphanTimeout     *time.Duration `name:"orphan-timeout" placeholder:"TIME" help:"How long a driver goes on when it cannot read Kafka (30s)."`
	NoKeepalive       bool           `name:"no-keepalive" help:"A new connection for every request."`
	ConnectRate       *float64       `name:"connect-rate" placeholder:"N" help:"New connections per second and driver (no limit)."`
	HTTP2             bool           `name:"http2" help:"Speak HTTP/2."`
	Streams           *int           `placeholder:"N" help:"With --http2: concurrent streams per connection (1)."`
	Insecure          bool           `short:"k" help:"Do not verify the target's certificate."`
	CACert            *string        `name:"cacert" placeholder:"FILE" help:"Certificates that the target's must come from (those of the driver's system)."`
	Cert              *string        `placeholder:"FILE" help:"Client certificate to show to the target."`
	Key               *string        `placeholder:"FILE" help:"Private key of --cert."`
	ServerName        *string        `name:"server-name" placeholder:"HOST" help:"Name to ask for, and to verify, in TLS (the target's host)."`
	Resolve           []string       `sep:"none" placeholder:"HOST:PORT:ADDR" help:"Use this address, or several with commas between, for a host, as curl does; as often as wanted."`
	Threshold         []string       `sep:"none" placeholder:"'p99<250ms'" help:"Condition on the fleet's figures: exit 99 when it is not met; as often as wanted."`
	Abort             []string       `sep:"none" placeholder:"'errors<5%'" help:"A condition that ends the run when it is not met: exit 108; as often as wanted."`
	AbortAfter        *time.Duration `name:"abort-after" placeholder:"TIME" help:"How long into the run --abort is first judged."`
}

// defaultDuration is how long a run lasts when nothing says so, as with wrk.
const defaultDuration = 10 * time.Second

// field is a flag of the command line and the field of a spec file that it stands for.
type field struct {
	name        string // in a spec file
	short, long string
}

var fields = []field{
	{"connections", "-c", "--connections"}, {"count", "-n", "--requests"}, {"count_per_driver", "", "--requests-per-driver"},
	{"duration", "-z", "--duration"}, {"rate", "-q", "--rate"}, {"delay", "", "--delay"}, {"kind", "", "--kind"},
	{"burst", "", "--burst"}, {"stages", "", "--stage"}, {"arrivals", "", "--arrivals"}, {"method", "-m", "--method"}, {"headers", "-H", "--header"},
	{"body", "-d", "--body"}, {"body", "-D", "--body-file"}, {"body_base64", "-D", "--body-file"}, {"expect.statuses", "", "--expect-status"}, {"timeout", "-t", "--timeout"},
	{"patience", "", "--patience"}, {"orphan_timeout", "", "--orphan-timeout"}, {"http2", "", "--http2"},
	{"streams", "", "--streams"}, {"connect_rate", "", "--connect-rate"},
	{"tls.ca", "", "--cacert"}, {"tls.cert", "", "--cert"}, {"tls.key", "", "--key"}, {"tls.server_name", "", "--server-name"},
	{"resolve", "", "--resolve"}, {"thresholds", "", "--threshold"}, {"thresholds", "", "--abort"}, {"thresholds", "", "--abort-after"},
}

// Spec reads the arguments of `run`, a spec file and a URL, each of them optional, and lays the flags over them.
func (f Flags) Spec(args []string, stdin io.Reader) (loadgen.Spec, error) {
	file, target, err := split(args)
	if err != nil {
		return loadgen.Spec{}, err
	}
	var s loadgen.Spec
	if file != "" {
		if s, err = read(file, stdin); err != nil {
			return s, err
		}
	}
	if target != "" {
		s.Target = target
	}
	if err := f.zeros(); err != nil {
		return s, err
	}
	if err := f.lay(&s); err != nil {
		return s, err
	}
	if s.Count == 0 && s.CountPerDriver == 0 && s.Duration == 0 && len(s.Stages) == 0 {
		s.Duration = loadgen.Duration(defaultDuration)
	}
	s = s.WithDefaults()
	return s, s.Validate()
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

func read(file string, stdin io.Reader) (loadgen.Spec, error) {
	const most = 8 << 20
	if file == "-" {
		data, err := io.ReadAll(io.LimitReader(stdin, most+1))
		if err != nil {
			return loadgen.Spec{}, err
		}
		return loadgen.ParseSpec("", data)
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) && !strings.ContainsAny(file, "/\\") && strings.Contains(file, ".") && !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".yml") {
		return loadgen.Spec{}, fmt.Errorf("%s: no such file; with http:// before it, it would be a URL", file)
	}
	if err != nil {
		return loadgen.Spec{}, err
	}
	return loadgen.ParseSpec(file, data)
}

// zeros refuses numbers that were given as 0: in a spec that would mean that they were not given.
func (f Flags) zeros() error {
	for _, z := range []struct {
		zero        bool
		field, want string
	}{
		{f.Rate != nil && *f.Rate == 0, "rate", "must be between 0.01 and 10000000 requests per second"},
		{f.Connections != nil && *f.Connections == 0, "connections", fmt.Sprintf("must be between 1 and %d per driver", loadgen.MaxConnections)},
		{f.Streams != nil && *f.Streams == 0, "streams", fmt.Sprintf("must be between 1 and %d per connection", loadgen.MaxStreams)},
		{f.Requests != nil && *f.Requests == 0, "count", fmt.Sprintf("must be between 1 and %d", loadgen.MaxCount)},
		{f.RequestsPerDriver != nil && *f.RequestsPerDriver == 0, "count_per_driver", fmt.Sprintf("must be between 1 and %d", loadgen.MaxCount/10000)},
		{f.Duration != nil && *f.Duration == 0, "duration", fmt.Sprintf("must be between 1ms and %s", loadgen.MaxDuration)},
		{f.Delay != nil && *f.Delay == 0, "delay", "must be between 1µs and 1h"},
		{f.Timeout != nil && *f.Timeout == 0, "timeout", "must be between 1ms and 1h"},
		{f.Patience != nil && *f.Patience == 0, "patience", "must be between 1ms and 1h"},
		{f.OrphanTimeout != nil && *f.OrphanTimeout == 0, "orphan_timeout", "must be between 5s and 24h"},
	} {
		if z.zero {
			return &loadgen.FieldError{Field: z.field, Value: "0", Want: z.want}
		}
	}
	return nil
}

// lay puts the flags that were given over a spec.
func (f Flags) lay(s *loadgen.Spec) error {
	set(&s.Connections, f.Connections)
	set(&s.ConnectRate, f.ConnectRate)
	set(&s.Streams, f.Streams)
	set(&s.Method, f.Method)
	set(&s.Arrivals, f.Arrivals)
	if f.Body != nil {
		s.SetBody([]byte(*f.Body))
	}
	setDuration(&s.Duration, f.Duration)
	setDuration(&s.Timeout, f.Timeout)
	setDuration(&s.Patience, f.Patience)
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
	f.layThresholds(s)
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
		return loadgen.Stage{}, &loadgen.FieldError{Field: "stages", Value: fmt.Sprintf("%q", text), Want: "must be like 30s:1000, a time and the rate at its end"}
	}
	return loadgen.Stage{Duration: loadgen.Duration(d), To: to}, nil
}

func (f Flags) layThresholds(s *loadgen.Spec) {
	for _, expr := range f.Threshold {
		s.Thresholds = append(s.Thresholds, loadgen.Threshold{Expr: expr})
	}
	for _, expr := range f.Abort {
		t := loadgen.Threshold{Expr: expr, Abort: true}
		setDuration(&t.After, f.AbortAfter)
		s.Thresholds = append(s.Thresholds, t)
	}
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
			return fmt.Errorf("%s %w", file.flag, err)
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

func (f Flags) layHeaders(s *loadgen.Spec) error {
	for _, h := range f.Header {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return &loadgen.FieldError{Field: "headers", Value: fmt.Sprintf("%q", h), Want: "must be like 'Name: value'"}
		}
		if s.Headers == nil {
			s.Headers = map[string]string{}
		}
		s.Headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return nil
}

func (f Flags) layBody(s *loadgen.Spec) error {
	if f.BodyFile == nil {
		return nil
	}
	if f.Body != nil {
		return &loadgen.FieldError{Field: "body", Want: "give -d or -D, not both"}
	}
	data, err := os.ReadFile(*f.BodyFile)
	if err != nil {
		return fmt.Errorf("-D %w", err)
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

// Explain names the flag as it was typed in args, where a field of the spec that it gave is wrong.
func Explain(err error, args []string) error {
	var wrong *loadgen.FieldError
	if !errors.As(err, &wrong) {
		return err
	}
	for _, f := range fields {
		if f.name != wrong.Field && !strings.HasPrefix(wrong.Field, f.name+".") {
			continue
		}
		if flag := typed(args, f); flag != "" {
			return fmt.Errorf("%s: %s %s", strings.TrimSpace(flag+" "+wrong.Value), strings.ReplaceAll(wrong.Field, "_", " "), wrong.Want)
		}
	}
	return err
}

// typed is how a flag was written in args, if at all.
func typed(args []string, f field) string {
	for _, a := range args {
		if a == "--" {
			break
		}
		if a == f.long || strings.HasPrefix(a, f.long+"=") {
			return f.long
		}
		if f.short != "" && strings.HasPrefix(a, f.short) && !strings.HasPrefix(a, "--") {
			return f.short
		}
	}
	return ""
}
