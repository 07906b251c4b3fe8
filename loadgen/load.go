package loadgen

import (
	"fmt"
	"slices"
	"time"

	"landfall/loadgen/field"
)

// Load is the load of one scenario over time: users that start per second or, if Held is set, the number of concurrent users.
type Load struct {
	Held     bool    `json:"held,omitempty"`
	Schedule []Stage `json:"schedule"`
}

// Loads are the loads of a spec's scenarios, in order. If there are none, the scenarios share one load by weight.
type Loads []Load

// OwnLoads reports whether each scenario has its own load, instead of a part of one load by weight.
func (s Spec) OwnLoads() bool {
	return slices.ContainsFunc(s.Scenarios, func(c Scenario) bool { return c.hasLoad() })
}

func (c *Scenario) hasLoad() bool {
	return c.Kind != "" || c.RateRPS != 0 || c.Users != 0 || len(c.Stages) > 0 || c.Start != 0 || c.Duration != 0 || c.Pace != 0
}

// held reports whether a scenario with its own load has a number of concurrent users, instead of users that start at a rate.
func (c *Scenario) held() bool {
	switch {
	case c.Kind != "":
		return c.Kind == Avalanche
	case c.RateRPS != 0:
		return false
	}
	return c.Users != 0 || slices.ContainsFunc(c.Stages, func(st Stage) bool { return st.Users != 0 })
}

// load returns the scenario's own load, from T0 on.
func (c *Scenario) load() Load {
	l := Load{Held: c.held(), Schedule: slices.Clone(c.Stages)}
	switch {
	case l.Held && len(c.Stages) > 0:
		l.Schedule = Schedule(c.Stages).users()
	case l.Held:
		l.Schedule = Constant(float64(c.Users))
	case len(c.Stages) == 0:
		l.Schedule = Constant(c.RateRPS)
	}
	if c.Duration > 0 {
		l.Schedule = Schedule(l.Schedule).until(c.Duration.Std())
	}
	if c.Start > 0 {
		from := Schedule(l.Schedule).from(0)
		l.Schedule[0].From = &from
		zero := 0.0
		l.Schedule = append([]Stage{{Duration: c.Start, From: &zero}}, l.Schedule...)
	}
	return l
}

// Loads returns the scenarios' own loads, from T0 on, or nil if they share one.
func (s Spec) Loads() Loads {
	if !s.OwnLoads() {
		return nil
	}
	list := make(Loads, len(s.Scenarios))
	for i := range s.Scenarios {
		list[i] = s.Scenarios[i].load()
	}
	return list
}

// HoldsUsers reports whether there is a number of concurrent users, so that the request rate depends on the target (closed loop).
func (s Spec) HoldsUsers() bool {
	return s.Kind == Avalanche || s.Loads().Hold()
}

// Hold reports whether one of the loads has a number of concurrent users.
func (l Loads) Hold() bool { return slices.ContainsFunc(l, func(one Load) bool { return one.Held }) }

// Total returns the sum of the loads with concurrent users (held), or of those with a rate.
func (l Loads) Total(held bool) Schedule {
	var list []Schedule
	for _, one := range l {
		if one.Held == held {
			list = append(list, one.Schedule)
		}
	}
	return Sum(list)
}

// MostHeld returns the sum of the highest numbers of concurrent users of the loads.
func (l Loads) MostHeld() (n float64) {
	for _, one := range l {
		if one.Held {
			n += Schedule(one.Schedule).Peak()
		}
	}
	return n
}

// Peak returns the sum of the highest rates of the loads, in users per second.
func (l Loads) Peak() (rps float64) {
	for _, one := range l {
		if !one.Held {
			rps += Schedule(one.Schedule).Peak()
		}
	}
	return rps
}

// Length returns when the last load ends, or 0 if one has no end.
func (l Loads) Length() (d time.Duration) {
	for _, one := range l {
		length := Schedule(one.Schedule).Length()
		if length == 0 {
			return 0
		}
		d = max(d, length)
	}
	return d
}

// After returns the rest of the loads from t on.
func (l Loads) After(t time.Duration) Loads {
	return l.each(func(one Load) []Stage {
		if left := Schedule(one.Schedule).After(t); left != nil {
			return left
		}
		return Constant(0)
	})
}

// Scaled returns the loads with every rate multiplied by factor. Numbers of users are unchanged.
func (l Loads) Scaled(factor float64) Loads {
	return l.each(func(one Load) []Stage {
		if one.Held {
			return one.Schedule
		}
		return Schedule(one.Schedule).Scaled(factor)
	})
}

// Stopped returns the loads with no users.
func (l Loads) Stopped() Loads { return l.each(func(Load) []Stage { return Constant(0) }) }

// At returns the loads with constant rates: those at t, scaled such that their sum is total. Numbers of users are unchanged. The sum of
// the rates at t must not be 0.
func (l Loads) At(t time.Duration, total float64) Loads {
	factor := total / l.Total(false).Rate(t)
	return l.each(func(one Load) []Stage {
		if one.Held {
			return one.Schedule
		}
		return Constant(Schedule(one.Schedule).Rate(t) * factor)
	})
}

func (l Loads) each(change func(Load) []Stage) Loads {
	if l == nil {
		return nil
	}
	list := make(Loads, len(l))
	for i, one := range l {
		list[i] = Load{Held: one.Held, Schedule: change(one)}
	}
	return list
}

// Due returns how many users driver index of the fleet starts in [0, t); of is the number of drivers. The first users of the loads are
// spread among the drivers.
func (l Loads) Due(t time.Duration, index, of int) (n int64) {
	for i, one := range l {
		if !one.Held {
			n += PartOf(Schedule(one.Schedule).Count(t), int64((index+i)%of), int64(of))
		}
	}
	return n
}

// PartOf returns how many of the numbers 0 … n-1 are equal to index modulo of.
func PartOf(n, index, of int64) int64 {
	if n <= index {
		return 0
	}
	return (n-index-1)/of + 1
}

// checkLoads validates the scenarios' own loads.
func (s Spec) checkLoads() error {
	if !s.OwnLoads() {
		return nil
	}
	for _, only := range []struct {
		name  string
		given bool
	}{{"rate", s.RateRPS != 0}, {"delay", s.Delay != 0}, {"stages", len(s.Stages) > 0}, {"pace", s.Pace != 0}, {"users", s.Users != 0 && s.Kind == Avalanche}} {
		if only.given {
			return field.Wrong(only.name, "", "the scenarios have their own loads: set it in a scenario")
		}
	}
	stages := 0
	for i := range s.Scenarios {
		stages += len(s.Scenarios[i].Stages)
		if err := s.Scenarios[i].checkLoad(fmt.Sprintf("scenarios[%d]", i)); err != nil {
			return err
		}
	}
	if n := s.Loads().MostHeld(); n > MaxUsers {
		return field.Wrong("scenarios", n, "all scenarios together may have at most %d users", MaxUsers)
	}
	if stages > maxStages {
		return field.Wrong("scenarios", stages, "all scenarios together may have at most %d stages", maxStages)
	}
	if want := s.kindOfLoads(); s.Kind != want {
		return field.Wrong("kind", string(s.Kind), "the loads of the scenarios make it %s: remove it", want)
	}
	return nil
}

// kindOfLoads returns the kind of a run whose scenarios have their own loads: a tsunami if one of them has a rate.
func (s Spec) kindOfLoads() Kind {
	if slices.ContainsFunc(s.Scenarios, func(c Scenario) bool { return !c.held() }) {
		return Tsunami
	}
	return Avalanche
}

func (c *Scenario) checkLoad(at string) error {
	switch {
	case !c.hasLoad():
		return field.Wrong(at, c.Name, "other scenarios have their own loads: set users, rate or stages")
	case c.Weight != 0:
		return field.Wrong(at+".weight", c.Weight, "a scenario has a weight or its own load, not both")
	case c.Kind != "" && c.Kind != Avalanche && c.Kind != Tsunami:
		return field.Wrong(at+".kind", string(c.Kind), "must be avalanche or tsunami")
	case c.Start < 0 || c.Start.Std() > MaxDuration:
		return field.Wrong(at+".start", c.Start, "must be between 0 and 168h")
	case c.Duration < 0 || c.Duration.Std() > MaxDuration:
		return field.Wrong(at+".duration", c.Duration, "must be between 0 and 168h")
	case c.Pace < 0 || c.Pace.Std() > 24*time.Hour:
		return field.Wrong(at+".pace", c.Pace, "must be between 0 and 24h")
	}
	if c.held() {
		return c.checkHeld(at)
	}
	switch {
	case c.Users != 0:
		return field.Wrong(at+".users", c.Users, "a scenario with a rate has no users: the users of the spec limit how many are active at once")
	case c.Pace != 0:
		return field.Wrong(at+".pace", c.Pace, "users that start at a rate do one iteration each: a pace needs users instead of a rate")
	case (c.RateRPS != 0) == (len(c.Stages) > 0):
		return field.Wrong(at+".rate", c.RateRPS, "set rate (users that start per second), users (concurrent users) or stages of either")
	case c.RateRPS != 0 && !(c.RateRPS >= MinRate && c.RateRPS <= MaxRate):
		return field.Wrong(at+".rate", c.RateRPS, "must be between 0.01 and 10000000 users per second")
	}
	return checkLoadStages(at+".", Tsunami, c.Stages)
}

func (c *Scenario) checkHeld(at string) error {
	switch {
	case c.RateRPS != 0:
		return field.Wrong(at+".rate", c.RateRPS, "an avalanche has no rate")
	case (c.Users != 0) == (len(c.Stages) > 0):
		return field.Wrong(at+".users", c.Users, "an avalanche has users, or stages with users")
	case c.Users < 0 || c.Users > MaxUsers:
		return field.Wrong(at+".users", c.Users, "must be between 1 and %d in the fleet", MaxUsers)
	}
	return checkLoadStages(at+".", Avalanche, c.Stages)
}

func checkLoadStages(prefix string, kind Kind, stages []Stage) error {
	if err := checkUserStages(prefix, kind, stages); err != nil {
		return err
	}
	return checkStages(prefix, kind, stages)
}

// LoadText describes the scenario's weight or its own load, such as "weight 2" or "up to 50 users until 10m0s".
func (c *Scenario) LoadText() string {
	if !c.hasLoad() {
		return fmt.Sprintf("weight %d", max(c.Weight, 1))
	}
	text := ""
	switch l := Schedule(c.load().Schedule); {
	case c.held() && len(c.Stages) > 0:
		text = fmt.Sprintf("up to %.0f users", l.Peak())
	case c.held():
		text = fmt.Sprintf("%d users", c.Users)
	case len(c.Stages) > 0:
		text = fmt.Sprintf("up to %.6g new users/s", l.Peak())
	default:
		text = fmt.Sprintf("%.6g new users/s", c.RateRPS)
	}
	if c.Start > 0 {
		text += fmt.Sprintf(" from %s on", c.Start)
	}
	if length := Schedule(c.load().Schedule).Length(); length > 0 {
		text += fmt.Sprintf(" until %s", length)
	}
	return text
}
