package target

import (
	"fmt"
	"strings"
	"time"
)

// Config sets where a target listens, how fast it is and how it misbehaves. Its tags define command-line flags. The zero Config is a
// target without faults on 127.0.0.1:8080.
type Config struct {
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (default 127.0.0.1:8080); port 0 picks a free one."`
	TLS    bool   `name:"tls" help:"Serve https with a generated self-signed certificate."`

	Accounts   int    `placeholder:"N" help:"Accounts of the shop, user1 … userN with the passwords secret1 … secretN (default 1000)."`
	SecondHost string `name:"second-host" placeholder:"NAME" help:"The only host name at which the shop issues tokens with POST /token (default any)."`

	Delay        time.Duration `placeholder:"TIME" help:"Delay of every response."`
	Jitter       time.Duration `placeholder:"TIME" help:"Additional random delay, uniform between 0 and TIME."`
	ServiceTime  time.Duration `name:"service-time" placeholder:"TIME" help:"Median of a random service time; see --service-sigma."`
	ServiceSigma float64       `name:"service-sigma" placeholder:"SIGMA" help:"Sigma of the log-normal service time (default 0, constant)."`

	Capacity float64       `placeholder:"RPS" help:"Serve at most RPS requests per second; excess requests are queued."`
	Servers  int           `placeholder:"N" help:"Number of servers behind the queue (default 8); the mean service time is N/RPS."`
	Collapse time.Duration `placeholder:"TIME" help:"Respond with 503 to all requests once a request has queued for TIME."`

	ErrorRate      float64       `name:"error-rate" placeholder:"SHARE" help:"Share of requests that get status 500, from 0 to 1."`
	FailWith       string        `name:"fail-with" placeholder:"HOW" help:"Fail requests: a status from 400 to 599, close, reset, hang or garbage."`
	FailAbove      float64       `name:"fail-above" placeholder:"RPS" help:"Fail only requests in excess of this rate."`
	FailAfter      time.Duration `name:"fail-after" placeholder:"TIME" help:"Fail only after this time."`
	StallAfter     time.Duration `name:"stall-after" placeholder:"TIME" help:"Time of the first stall."`
	StallFor       time.Duration `name:"stall-for" placeholder:"TIME" help:"Length of a stall, during which there are no responses (default none)."`
	StallEvery     time.Duration `name:"stall-every" placeholder:"TIME" help:"Period of stalls (default: only one)."`
	CrowdAbove     int           `name:"crowd-above" placeholder:"N" help:"Delay responses by --crowd-delay while more than N connections are open."`
	CrowdDelay     time.Duration `name:"crowd-delay" placeholder:"TIME" help:"See --crowd-above."`
	RushAbove      float64       `name:"rush-above" placeholder:"RPS" help:"Delay responses by --rush-delay while more than RPS requests per second arrive."`
	RushDelay      time.Duration `name:"rush-delay" placeholder:"TIME" help:"See --rush-above."`
	CloseEvery     int           `name:"close-every" placeholder:"N" help:"Close each connection after N requests."`
	HandshakeDelay time.Duration `name:"handshake-delay" placeholder:"TIME" help:"Delay of every TLS handshake; needs --tls."`
	Drift          time.Duration `placeholder:"TIME" help:"Increase the delay by TIME per minute."`
	SlowPath       string        `name:"slow-path" placeholder:"PATH" help:"Delay responses of one path by --slow-path-delay."`
	SlowPathDelay  time.Duration `name:"slow-path-delay" placeholder:"TIME" help:"See --slow-path."`
}

// Validate returns an error for the first invalid field, named like its flag, with its value and what is accepted.
func (c Config) Validate() error {
	for _, check := range []func() error{c.checkTimes, c.checkNumbers, c.checkFailure, c.checkPairs} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) checkTimes() error {
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"delay", c.Delay}, {"jitter", c.Jitter}, {"service-time", c.ServiceTime}, {"collapse", c.Collapse},
		{"fail-after", c.FailAfter}, {"stall-after", c.StallAfter}, {"stall-for", c.StallFor}, {"stall-every", c.StallEvery},
		{"crowd-delay", c.CrowdDelay}, {"rush-delay", c.RushDelay}, {"handshake-delay", c.HandshakeDelay}, {"drift", c.Drift},
		{"slow-path-delay", c.SlowPathDelay},
	} {
		if d.value < 0 || d.value > time.Hour {
			return fmt.Errorf("%s %s: must be between 0s and 1h", d.name, d.value)
		}
	}
	return nil
}

func (c Config) checkNumbers() error {
	for _, n := range []struct {
		name       string
		value, max float64
	}{
		{"error-rate", c.ErrorRate, 1}, {"service-sigma", c.ServiceSigma, 3}, {"capacity", c.Capacity, 1_000_000},
		{"fail-above", c.FailAbove, 1_000_000}, {"servers", float64(c.Servers), 10_000}, {"accounts", float64(c.Accounts), 10_000_000},
		{"crowd-above", float64(c.CrowdAbove), 1_000_000}, {"rush-above", c.RushAbove, 1_000_000}, {"close-every", float64(c.CloseEvery), 1_000_000_000},
	} {
		if !(n.value >= 0 && n.value <= n.max) { // also false for NaN
			return fmt.Errorf("%s %v: must be between 0 and %.0f", n.name, n.value, n.max)
		}
	}
	if c.Capacity > 0 && c.Capacity < 0.1 {
		return fmt.Errorf("capacity %v: must be at least 0.1 requests/s", c.Capacity)
	}
	return nil
}

func (c Config) checkFailure() error {
	if _, err := parseFailure(c.FailWith); err != nil {
		return err
	}
	return nil
}

// checkPairs returns an error for flags that need another one, and for conflicting flags.
func (c Config) checkPairs() error {
	for _, p := range []struct {
		name        string
		given, need bool
		other       string
	}{
		{"fail-above", c.FailAbove > 0, c.FailWith != "", "fail-with"},
		{"fail-after", c.FailAfter > 0, c.FailWith != "", "fail-with"},
		{"stall-after", c.StallAfter > 0, c.StallFor > 0, "stall-for"},
		{"stall-every", c.StallEvery > 0, c.StallFor > 0, "stall-for"},
		{"crowd-above", c.CrowdAbove > 0, c.CrowdDelay > 0, "crowd-delay"},
		{"crowd-delay", c.CrowdDelay > 0, c.CrowdAbove > 0, "crowd-above"},
		{"rush-above", c.RushAbove > 0, c.RushDelay > 0, "rush-delay"},
		{"rush-delay", c.RushDelay > 0, c.RushAbove > 0, "rush-above"},
		{"handshake-delay", c.HandshakeDelay > 0, c.TLS, "tls"},
		{"slow-path", c.SlowPath != "", c.SlowPathDelay > 0, "slow-path-delay"},
		{"slow-path-delay", c.SlowPathDelay > 0, c.SlowPath != "", "slow-path"},
		{"servers", c.Servers > 0, c.Capacity > 0, "capacity"},
		{"collapse", c.Collapse > 0, c.Capacity > 0, "capacity"},
		{"service-sigma", c.ServiceSigma > 0, c.ServiceTime > 0 || c.Capacity > 0, "service-time or --capacity"},
	} {
		if p.given && !p.need {
			return fmt.Errorf("%s: has no effect without --%s", p.name, p.other)
		}
	}
	switch {
	case c.Capacity > 0 && c.ServiceTime > 0:
		return fmt.Errorf("service-time %s: cannot be combined with --capacity, which sets the service time to servers divided by capacity", c.ServiceTime)
	case c.StallEvery > 0 && c.StallEvery <= c.StallFor:
		return fmt.Errorf("stall-every %s: must be longer than --stall-for %s", c.StallEvery, c.StallFor)
	case c.SlowPath != "" && !strings.HasPrefix(c.SlowPath, "/"):
		return fmt.Errorf("slow-path %q: must start with /", c.SlowPath)
	}
	return nil
}
