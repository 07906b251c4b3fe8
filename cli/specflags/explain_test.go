package specflags

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestWrongFlagsAreNamedAsTyped(t *testing.T) {
	for name, c := range map[string]struct {
		flags Flags
		typed []string
		want  string
	}{
		"short":      {Flags{Rate: ptr(0.0)}, []string{"-q", "0"}, "-q 0: rate must be between 0.01 and 10000000 requests per second"},
		"glued":      {Flags{Rate: ptr(0.0)}, []string{"-q0"}, "-q 0: rate must be between 0.01 and 10000000 requests per second"},
		"long":       {Flags{Rate: ptr(1e8)}, []string{"--rate=1e8"}, "--rate 1e+08: rate must be between 0.01 and 10000000 requests per second"},
		"negative":   {Flags{Connections: ptr(-1)}, []string{"-c", "-1"}, "-c -1: connections must be between 1 and 100000 per driver"},
		"per driver": {Flags{RequestsPerDriver: ptr(int64(0))}, []string{"--requests-per-driver", "0"}, "--requests-per-driver 0: count per driver must be"},
		"not typed":  {Flags{Timeout: ptr(2 * time.Hour)}, nil, "timeout 2h0m0s: must be between 1ms and 1h"},
		"stage":      {Flags{Stage: []string{"100"}}, []string{"--stage", "100"}, `--stage "100": stages must be like 30s:1000`},
		"two paces":  {Flags{Stage: []string{"1s:1"}, Rate: ptr(1.0)}, []string{"--stage", "1s:1"}, "rate 1: set only one of rate, delay and stages"},
		"abort":      {Flags{Abort: []string{"p99"}}, []string{"--abort", "p99"}, `--abort "p99": thresholds must be like p99<250ms`},
		"no CA":      {Flags{CACert: ptr("/nowhere")}, []string{"--cacert", "/nowhere"}, "--cacert /nowhere: no such file"},
		"no body":    {Flags{BodyFile: ptr("/nowhere")}, []string{"-D", "/nowhere"}, "-D /nowhere: no such file"},
		"no @file":   {Flags{Body: ptr("@/nowhere")}, []string{"-d", "@/nowhere"}, "-d @/nowhere: no such file"},
		"no --body":  {Flags{Body: ptr("@/nowhere")}, []string{"--body=@/nowhere"}, "--body @/nowhere: no such file"},
		"a folder":   {Flags{BodyFile: ptr("/")}, []string{"-D/"}, "-D /: is a directory"},
		"endless":    {Flags{BodyFile: ptr("/dev/zero")}, []string{"-D", "/dev/zero"}, "-D /dev/zero: body must be at most 4194304 bytes"},
		"backwards":  {Flags{Duration: ptr(-5 * time.Second)}, []string{"-z", "-5s"}, "-z -5s: duration must be between 1ms and 168h"},
		"long value": {Flags{Header: []string{"A: " + strings.Repeat("a", 40<<10)}}, []string{"-H", "A: …"}, "-H A: (hidden): headers.A must be at most 32768 bytes"},
		"header":     {Flags{Header: []string{"x"}}, []string{"-H", "x"}, `-H "x": headers must be like 'Name: value'`},
		"length":     {Flags{Header: []string{"content-length: 5"}}, []string{"-H", "content-length: 5"}, `-H "content-length: 5": headers.content-length must be left out`},
		"host twice": {Flags{Header: []string{"Host: a", "host: b"}}, []string{"-H", "Host: a"}, "-H Host: is given 2 times, but a request can have it only once"},
		"two bodies": {Flags{Body: ptr("x"), BodyFile: ptr("y")}, []string{"-d", "x", "-D", "y"}, "-d: give -d or -D, not both"},
		"two counts": {Flags{Requests: ptr(int64(1)), RequestsPerDriver: ptr(int64(1))}, []string{"-n", "1"}, "-n 1: set count (for the fleet) or count_per_driver, not both"},
		"one stage":  {Flags{Stage: []string{"1s:-1"}}, []string{"--stage", "1s:-1"}, "--stage -1: stages[0].rate must be between 0 and 10000000"},
		"which one":  {Flags{Threshold: []string{"p99<1s"}, Abort: []string{"x"}}, []string{"--threshold", "p99<1s", "--abort", "x"}, `--abort "x": there is no metric`},
		"after":      {Flags{Abort: []string{"p99<1s"}, AbortAfter: ptr(-time.Second)}, []string{"--abort", "p99<1s", "--abort-after=-1s"}, "--abort-after -1s: thresholds.after must be between 0 and"},
		"no --abort": {Flags{AbortAfter: ptr(time.Second)}, []string{"--abort-after", "1s"}, "--abort-after 1s: needs --abort"},
		"statuses":   {Flags{Expect: []string{"200,2x"}}, []string{"--expect-status", "200,2x"}, `--expect-status "2x": expect.statuses must be a status from 100 to 999, a range such as 200-299, or a class such as 2xx`},
		"too long":   {Flags{Duration: ptr(100000 * time.Hour)}, []string{"-z", "100000h"}, "-z 100000h: duration must be between 1ms and"},
		"after all":  {Flags{Stage: []string{"1s:1"}, Duration: ptr(10 * time.Second)}, []string{"-z", "10s"}, "-z 10s: the stages last only 1s"},
		"no user":    {Flags{User: ptr("ann")}, []string{"-u", "ann"}, "-u: must be USER:PASSWORD"},
		"two users":  {Flags{User: ptr("ann:x"), Header: []string{"authorization: y"}}, []string{"-u", "ann:x"}, "-u: give either -u or -H"},
		"no PEM":     {Flags{CACert: ptr("/etc/hosts")}, []string{"--cacert", "/etc/hosts"}, "--cacert /etc/hosts: must hold PEM certificates"},
		"no pair":    {Flags{Cert: ptr("/etc/hosts"), Key: ptr("/etc/hosts")}, nil, "--cert /etc/hosts, --key /etc/hosts: must be a PEM certificate"},
		"resolve":    {Flags{Resolve: []string{"host:80"}}, []string{"--resolve", "host:80"}, `--resolve "host:80": resolve must be host:port:address`},
		"kind":       {Flags{Kind: ptr("flood")}, []string{"--kind", "flood"}, `--kind "flood": kind must be avalanche or tsunami`},
		"threshold":  {Flags{Threshold: []string{"p99"}}, []string{"--threshold", "p99"}, `--threshold "p99": thresholds must be like p99<250ms`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.flags.Spec([]string{url}, nil)
			if err == nil {
				t.Fatal("no error")
			}
			if got := Explain(err, append([]string{"run", url}, c.typed...)).Error(); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWrongTypesAreNamedAsTyped(t *testing.T) {
	for message, c := range map[string]struct {
		typed []string
		want  string
	}{
		`--rate: expected a float but got "abc" (string)`:                                 {[]string{"-q", "abc"}, `-q "abc": must be a number`},
		`--duration: expected duration but got "10": time: missing unit in duration "10"`: {[]string{"--duration=10"}, `--duration "10": must be a time with its unit, such as 250ms, 10s or 5m`},
		`--max-connections: expected a valid 64 bit int but got "x"`:                      {[]string{"--max-connections", "x"}, `--max-connections "x": must be a whole number`},
		"unknown flag --nonsense":                                                         {[]string{"--nonsense"}, "unknown flag --nonsense"},
	} {
		if got := ExplainParsing(errors.New(message), c.typed).Error(); got != c.want {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
}
