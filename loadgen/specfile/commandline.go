package specfile

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"landfall/loadgen"
)

// CommandLine returns what runs a spec when typed in a shell: command, such as "landfall run", with flags or, for a spec that flags
// cannot express, with the spec as a file on standard input. It fails for specs that a file cannot hold; see [Marshal].
func CommandLine(command string, spec loadgen.Spec) (string, error) {
	if args, ok := flagsFor(spec); ok {
		for i, arg := range args {
			args[i] = quoted(arg)
		}
		return command + " " + strings.Join(args, " "), nil
	}
	data, err := Marshal(spec)
	if err != nil {
		return "", err
	}
	end := "SPEC"
	for slices.Contains(strings.Split(string(data), "\n"), end) {
		end += "_"
	}
	return fmt.Sprintf("%s - <<'%s'\n%s%s", command, end, data, end), nil
}

// flagsFor returns the arguments of `landfall run` that make a spec; false: flags cannot express it.
func flagsFor(spec loadgen.Spec) (args []string, ok bool) {
	if !expressible(spec) {
		return nil, false
	}
	var f flagWriter
	f.args = []string{spec.Target}
	f.request(spec)
	f.load(spec)
	f.connections(spec)
	for _, t := range spec.Thresholds {
		f.text(map[bool]string{false: "--threshold", true: "--abort"}[t.Abort], t.Expr)
	}
	return f.args, true
}

// expressible reports whether a spec consists of what flags can set.
func expressible(s loadgen.Spec) bool {
	upper := strings.ToUpper(s.Method) == s.Method // -m changes get to GET
	if !upper || strings.HasPrefix(s.Body, "@") || strings.ContainsAny(s.Body, "\r\n\x00") {
		return false
	}
	names := map[string]bool{}
	for name, value := range s.Headers {
		if strings.TrimSpace(value) != value || names[strings.ToLower(name)] {
			return false
		}
		names[strings.ToLower(name)] = true
	}
	for _, stage := range s.Stages {
		if stage.From != nil || stage.Users != 0 || stage.Duration == 0 {
			return false
		}
	}
	for _, t := range s.Thresholds {
		if t.After != 0 {
			return false
		}
	}
	return reflect.DeepEqual(withoutFlags(s), loadgen.Spec{})
}

// withoutFlags returns a spec without what flags can set, and without what is resolved when a spec is composed.
func withoutFlags(s loadgen.Spec) loadgen.Spec {
	s.Kind, s.Target, s.Method, s.Headers, s.Body, s.Expect.Statuses = "", "", "", nil, "", nil
	s.RateRPS, s.Delay, s.Stages, s.Count, s.CountPerDriver, s.Duration = 0, 0, nil, 0, 0, 0
	s.Connections, s.Timeout, s.Patience, s.Warmup, s.OrphanTimeout, s.Takeover = 0, 0, 0, 0, 0, ""
	s.Burst, s.Arrivals, s.NoKeepalive, s.ConnectRate, s.HTTP2, s.Streams, s.Resolve, s.Proxy = false, "", false, 0, false, 0, nil, ""
	s.TLS.Insecure, s.TLS.ServerName, s.Thresholds, s.Env, s.Secrets = false, "", nil, nil, nil
	return s
}

// flagWriter collects arguments; values that are not set need none.
type flagWriter struct{ args []string }

func (f *flagWriter) text(flag, value string) {
	if value != "" {
		f.args = append(f.args, flag, value)
	}
}

func (f *flagWriter) number(flag string, value float64) {
	if value != 0 {
		f.text(flag, strconv.FormatFloat(value, 'f', -1, 64))
	}
}

func (f *flagWriter) time(flag string, value, byDefault loadgen.Duration) {
	if value != byDefault {
		f.text(flag, value.Std().String())
	}
}

func (f *flagWriter) on(flag string, value bool) {
	if value {
		f.args = append(f.args, flag)
	}
}

func (f *flagWriter) request(s loadgen.Spec) {
	if s.Method != (loadgen.Spec{Body: s.Body}).WithDefaults().Method {
		f.text("-m", s.Method)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		f.text("-H", name+": "+s.Headers[name])
	}
	f.text("-d", s.Body)
	f.text("--expect-status", strings.Trim(strings.ReplaceAll(fmt.Sprint([]int(s.Expect.Statuses)), " ", ","), "[]"))
}

// load writes how many requests are sent when.
func (f *flagWriter) load(s loadgen.Spec) {
	if s.Kind != (loadgen.Spec{RateRPS: s.RateRPS, Delay: s.Delay, Stages: s.Stages}).WithDefaults().Kind {
		f.text("--kind", string(s.Kind))
	}
	f.number("-q", s.RateRPS)
	f.time("--delay", s.Delay, 0)
	for _, stage := range s.Stages {
		f.text("--stage", stage.Duration.Std().String()+":"+strconv.FormatFloat(stage.To, 'f', -1, 64))
	}
	f.number("-n", float64(s.Count))
	f.number("--requests-per-driver", float64(s.CountPerDriver))
	f.time("-z", s.Duration, 0)
	f.time("--warmup", s.Warmup, 0)
	f.on("--burst", s.Burst)
	if s.Arrivals != "even" {
		f.text("--arrivals", s.Arrivals)
	}
	f.text("--takeover", s.Takeover)
}

func (f *flagWriter) connections(s loadgen.Spec) {
	usual := loadgen.Spec{}.WithDefaults()
	if s.Connections != usual.Connections {
		f.number("-c", float64(s.Connections))
	}
	if s.Streams != usual.Streams {
		f.number("--streams", float64(s.Streams))
	}
	for _, d := range []struct {
		flag      string
		is, usual loadgen.Duration
	}{{"-t", s.Timeout, usual.Timeout}, {"--patience", s.Patience, usual.Patience}, {"--orphan-timeout", s.OrphanTimeout, usual.OrphanTimeout}} {
		if d.is != 0 {
			f.time(d.flag, d.is, d.usual)
		}
	}
	f.number("--connect-rate", s.ConnectRate)
	f.on("--no-keepalive", s.NoKeepalive)
	f.on("--http2", s.HTTP2)
	f.on("-k", s.TLS.Insecure)
	f.text("--server-name", s.TLS.ServerName)
	f.text("--proxy", s.Proxy)
	for _, address := range s.Resolve {
		f.text("--resolve", address)
	}
}

// quoted returns an argument as a POSIX shell reads it.
func quoted(arg string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@%+,=", r)
	}
	if arg != "" && !strings.ContainsFunc(arg, func(r rune) bool { return !plain(r) }) {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
