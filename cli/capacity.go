package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"landfall/cli/exit"
	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/node/report"
)

// capacityCmd searches for the highest rate that a target sustains. It has all flags of run except those that
// set a rate or an end.
type capacityCmd struct {
	runCmd
	SLO       []string      `name:"slo" sep:"," default:"p99<250ms,failed<0.1%" placeholder:"CONDITIONS" help:"Conditions that a sustained rate must meet, separated by commas (p99<250ms,failed<0.1%)."`
	From      float64       `default:"100" placeholder:"RPS" help:"First rate (100)."`
	To        float64       `default:"50000" placeholder:"RPS" help:"Highest rate (50000)."`
	Hold      time.Duration `default:"20s" placeholder:"TIME" help:"Duration of each step; the confirmation takes three times as long (20s)."`
	Precision string        `default:"5%" placeholder:"PERCENT" help:"Largest gap between the highest rate that passes and the lowest that fails (5%)."`
	FailBelow string        `name:"expect" placeholder:"'>=RPS'" help:"Exit 99 unless the capacity meets this, such as '>=2000'."`
}

func (c *capacityCmd) Run(a *app) error {
	expected, err := c.search()
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	r, err := c.do(a)
	if r == nil {
		return err
	}
	if code := codeOf(finishWith(r, c.JSON, &c.Outputs, err)); code != exit.Passed {
		return exitCode(code)
	}
	return expected(r)
}

// refusedFlags are the flags of run that do not apply to a search, which sets the rate and the end itself.
var refusedFlags = []string{"rate", "delay", "stage", "requests", "requests-per-driver", "kind", "burst"}

// hideRefused removes these flags from the help and completion of landfall capacity.
func hideRefused(commands []*kong.Node) {
	for _, node := range commands {
		for _, flag := range node.Flags {
			flag.Hidden = flag.Hidden || node.Name == "capacity" && slices.Contains(refusedFlags, flag.Name)
		}
	}
}

// search adds the search to the spec and returns a function that judges the result.
func (c *capacityCmd) search() (func(*report.Report) error, error) {
	if c.Rate != nil || c.Delay != nil || len(c.Stage) > 0 || c.Requests != nil || c.RequestsPerDriver != nil || c.Kind != nil || c.Burst {
		return nil, errors.New("-q, --delay, --stage, -n, --requests-per-driver, --kind and --burst: a search sets the rate itself (see --from and --to)")
	}
	percent, err := strconv.ParseFloat(strings.TrimSuffix(c.Precision, "%"), 64)
	if err != nil || !(percent >= 1 && percent <= 50) {
		return nil, fmt.Errorf("--precision %q: must be between 1%% and 50%%", c.Precision)
	}
	for _, rate := range []struct {
		flag  string
		value float64
	}{{"--from", c.From}, {"--to", c.To}} {
		if !(rate.value >= 0.01 && rate.value <= 1e7) {
			return nil, fmt.Errorf("%s %v: must be between 0.01 and 10000000 requests per second", rate.flag, rate.value)
		}
	}
	if c.Hold <= 0 {
		return nil, fmt.Errorf("--hold %s: must be whole seconds from 4s to 1h", c.Hold)
	}
	c.Flags.Capacity = &loadgen.Capacity{Objectives: c.SLO, From: c.From, To: c.To, Hold: loadgen.Duration(c.Hold), Precision: percent / 100}
	if c.FailBelow == "" {
		return func(*report.Report) error { return nil }, nil
	}
	want, err := condition.Parse("rate" + c.FailBelow)
	if err != nil {
		return nil, fmt.Errorf("--expect %q: must be like '>=2000'", c.FailBelow)
	}
	return func(r *report.Report) error {
		if r.Capacity != nil && want.Judge(condition.Figures{Seconds: 1, Requests: int64(r.Capacity.RateRPS)}).Passed {
			return nil
		}
		fmt.Fprintf(os.Stderr, "landfall: --expect %s does not hold\n", c.FailBelow)
		return exitCode(exit.Threshold)
	}, nil
}
