package sign

import (
	"fmt"
	"math"
	"strings"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/policy"
)

// allows returns why a key may not run a spec on that many drivers; nil if it may.
func (m *Member) allows(spec loadgen.Spec, drivers int) error {
	return Allows(&m.Signer, spec, drivers)
}

// Allows returns why the limits of a key forbid a spec on that many drivers; nil if they do not.
func Allows(s *node.Signer, spec loadgen.Spec, drivers int) error {
	if s.MaxRateRPS > 0 && spec.HoldsUsers() {
		return fmt.Errorf("an avalanche has no rate to keep below the %.6g requests/s that the key of %s allows (max-rate)", s.MaxRateRPS, s.Name)
	}
	if rate := policy.PeakRate(spec, drivers) * float64(drivers); s.MaxRateRPS > 0 && rate > s.MaxRateRPS*rounding {
		return tooFast(s, rate)
	}
	if len(s.Targets) == 0 {
		return nil
	}
	limits, err := policy.New(policy.Config{AllowTargets: s.Targets})
	if err != nil {
		return err
	}
	if target, ok := limits.Names(spec); !ok {
		return fmt.Errorf("target %s: the key of %s allows %s (targets; a name must be listed itself)", loadgen.RedactURL(target), s.Name, strings.Join(s.Targets, ", "))
	}
	return nil
}

// allowsPlan is like allows for a plan, whose rate can differ from the spec's.
func (m *Member) allowsPlan(p *node.Plan) error {
	if rate := p.PeakRate(); m.MaxRateRPS > 0 && rate > m.MaxRateRPS*rounding {
		return tooFast(&m.Signer, rate)
	}
	if m.MaxRateRPS > 0 && p.Loads.Hold() {
		return fmt.Errorf("a plan that holds users has no rate to keep below the %.6g requests/s that the key of %s allows (max-rate)", m.MaxRateRPS, m.Signer.Name)
	}
	return nil
}

func tooFast(s *node.Signer, rate float64) error {
	return fmt.Errorf("rate %.6g requests/s: the key of %s allows %.6g (max-rate)", rate, s.Name, s.MaxRateRPS)
}

// rounding is how much a rate that was divided and summed again may exceed a limit that it exactly meets.
const rounding = 1 + 1e-9

func (m *Member) checkLimits() error {
	if !(m.MaxRateRPS >= 0) || math.IsInf(m.MaxRateRPS, 0) {
		return fmt.Errorf("max-rate %v: must be requests/s above 0 (none: no cap)", m.MaxRateRPS)
	}
	if len(m.Targets) == 0 {
		return nil
	}
	for _, t := range m.Targets {
		if strings.ContainsAny(t, ", \t\r\n") {
			return fmt.Errorf("target %q: must not contain commas or white space", t)
		}
	}
	_, err := policy.New(policy.Config{AllowTargets: m.Targets})
	if err != nil {
		return fmt.Errorf("targets=%s: %w", strings.Join(m.Targets, ","), err)
	}
	return nil
}
