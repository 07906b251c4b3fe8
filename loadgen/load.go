package loadgen

import (
	"fmt"
	"slices"
	"time"

	"landfall/loadgen/field"
)

// Load is how much of one scenario a fleet does over time, if scenarios have loads of their own: users that start per second or,
// if Held is set, users that are there at all times.
type Load struct {
	Held     bool    `json:"held,omitempty"`
	Schedule []Stage `json:"schedule"`
}

// Loads are those of a spec's scenarios, in their order. None: the scenarios share one load by weight.
type Loads []Load

// OwnLoads tells whether the scenarios have loads of their own instead of parts of one load.
func (s Spec) OwnLoads() bool {
	return slices.ContainsFunc(s.Scenarios, func(c Scenario) bool { return c.hasLoad() })
}

func (c *Scenario) hasLoad() bool {
	return c.Kind != "" || c.RateRPS != 0 || c.Users != 0 || len(c.Stages) > 0 || c.Start != 0 || c.Duration != 0 || c.Pace != 0
}

// held tells whether a scenario with a load of its own holds a number of users, instead of starting them at a rate.
func (c *Scenario) held() bool {
	switch {
	case c.Kind != "":
		return c.Kind == Avalanche
	case c.RateRPS != 0:
		return false
	}
	return c.Users != 0 || slices.ContainsFunc(c.Stages, func(st Stage) bool { return st.Users != 0 })
}

// load is the scenario's own, from T0 on.
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

// Loads are those that the scenarios have of their own, from T0 on; nil: they have none.
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

// HoldsUsers tells whether users are held at a number, so that the rate of requests depends on the target.
func (s Spec) HoldsUsers() bool {
	return s.Kind == Avalanche || s.Loads().Hold()
}

// Hold tells whether one of the loads holds users.
func (l Loads) Hold() bool { return slices.ContainsFunc(l, func(one Load) bool { return one.Held }) }

// Total is the sum of the loads that hold users, or of those that do not.
func (l Loads) Total(held bool) Schedule {
	var list []Schedule
	for _, one := range l {
		if one.Held == held {
			list = append(list, one.Schedule)
		}
	}
	return Sum(list)
}

// MostHeld is the sum of the highest numbers of users that the loads hold.
func (l Loads) MostHeld() (n float64) {
	for _, one := range l {
		if one.Held {
			n += Schedule(one.Schedule).Peak()
		}
	}
	return n
}

// Peak is the sum of the highest rates of the loads.
func (l Loads) Peak() (rps float64) {
	for _, one := range l {
		if !one.Held {
			rps += Schedule(one.Schedule).Peak()
		}
	}
	return rps
}

// Length is when the last of the loads ends; 0: one has no end.
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

// After is what is left of the loads from t on.
func (l Loads) After(t time.Duration) Loads {
	return l.each(func(one Load) []Stage {
		if left := Schedule(one.Schedule).After(t); left != nil {
			return left
		}
		return Constant(0)
	})
}

// Scaled are the loads with every rate multiplied by factor; numbers of users stay.
func (l Loads) Scaled(factor float64) Loads {
	return l.each(func(one Load) []Stage {
		if one.Held {
			return one.Schedule
		}
		return Schedule(one.Schedule).Scaled(factor)
	})
}

// Stopped are the loads without users.
func (l Loads) Stopped() Loads { return l.each(func(Load) []Stage { return Constant(0) }) }

// At are the loads with their rates held from now on as they are at t, scaled to a total; numbers of users stay. The total must not
// be 0 at t.
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

// Due is how many users a driver, number index of so many, has to start in [0, t). The first one of each load is another driver's.
func (l Loads) Due(t time.Duration, index, of int) (n int64) {
	for i, one := range l {
		if !one.Held {
			n += PartOf(Schedule(one.Schedule).Count(t), int64((index+i)%of), int64(of))
		}
	}
	return n
}

// PartOf is how many of the numbers 0 … n-1 leave index when divided by of.
func PartOf(n, index, of int64) int64 {
	if n <= index {
		return 0
	}
	return (n-index-1)/of + 1
}

// checkLoads validates the loads that scenarios have of their own.
func (s Spec) checkLoads() error {
	if !s.OwnLoads() {
		return nil
	}
	for _, only := range []struct {
		name  string
		given bool
	}{{"rate", s.RateRPS != 0}, {"delay", s.Delay != 0}, {"stages", len(s.Stages) > 0}, {"pace", s.Pace != 0}, {"users", s.Users != 0 && s.Kind == Avalanche}} {
		if only.given {
			return field.Wrong(only.name, "", "the scenarios have loads of their own: give it to a scenario")
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
		return field.Wrong("scenarios", n, "all scenarios together must have at most %d users", MaxUsers)
	}
	if stages > maxStages {
		return field.Wrong("scenarios", stages, "all scenarios together must have at most %d stages", maxStages)
	}
	if want := s.kindOfLoads(); s.Kind != want {
		return field.Wrong("kind", string(s.Kind), "the scenarios' own loads make it %s: leave it out", want)
	}
	return nil
}

// kindOfLoads is the kind of a run whose scenarios have loads of their own: a tsunami if one of them has a rate.
func (s Spec) kindOfLoads() Kind {
	if slices.ContainsFunc(s.Scenarios, func(c Scenario) bool { return !c.held() }) {
		return Tsunami
	}
	return Avalanche
}

func (c *Scenario) checkLoad(at string) error {
	switch {
	case !c.hasLoad():
		return field.Wrong(at, c.Name, "other scenarios have loads of their own: give it users, a rate or stages too")
	case c.Weight != 0:
		return field.Wrong(at+".weight", c.Weight, "a scenario has a weight or a load of its own, not both")
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
		return field.Wrong(at+".users", c.Users, "a scenario with a rate has no users of its own: the spec's users is the most at once")
	case c.Pace != 0:
		return field.Wrong(at+".pace", c.Pace, "users that start at a rate do one iteration each: only held users have a pace")
	case (c.RateRPS != 0) == (len(c.Stages) > 0):
		return field.Wrong(at+".rate", c.RateRPS, "give a rate (users that start per second), users (held at all times) or stages of one of them")
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

// LoadText says in words how much of the scenario is done: its weight, or its own load.
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
