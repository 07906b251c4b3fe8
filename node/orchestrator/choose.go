package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/policy"
)

// Selection selects the drivers of a run; the zero value selects all that are alive.
type Selection struct {
	IDs    []string          // exactly these
	Labels map[string]string // those with all of these labels
	Count  int               // this many; 0: all
	Wait   time.Duration     // how long to wait for them; default 10 s with Count or IDs, else 3 s for the first
}

func (s Selection) patience() time.Duration {
	switch {
	case s.Wait > 0:
		return s.Wait
	case s.Count > 0 || len(s.IDs) > 0:
		return 10 * time.Second
	}
	return 3 * time.Second
}

// choose waits for the selected drivers.
func (o *Orchestrator) choose(ctx context.Context, sel Selection) ([]string, error) {
	wait, cancel := context.WithTimeout(ctx, sel.patience())
	defer cancel()
	var ids []string
	var lack error
	err := o.until(wait, func(s *fleet.State) bool {
		ids, lack = o.pick(s, sel)
		return lack == nil
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		if lack == nil {
			lack = err
		}
		return nil, lack
	}
	return ids, nil
}

// pick returns the ids of the selected drivers, or an error that names the missing ones.
func (o *Orchestrator) pick(s *fleet.State, sel Selection) ([]string, error) {
	var ids, unsigned []string
	for _, d := range s.Drivers() {
		if d.Liveness != fleet.Alive || d.Register.BootID == "" || d.Heartbeat.State == node.Draining || !has(d.Labels, sel.Labels) {
			continue
		}
		switch named := slices.Contains(sel.IDs, d.NodeID); {
		case named, len(sel.IDs) == 0 && o.eligible(d):
			ids = append(ids, d.NodeID)
		case len(sel.IDs) == 0:
			unsigned = append(unsigned, d.NodeID)
		}
	}
	for _, id := range sel.IDs {
		if !slices.Contains(ids, id) {
			return nil, fmt.Errorf("driver %s is not alive", id)
		}
	}
	switch {
	case len(ids) < max(sel.Count, 1) && len(unsigned) > 0:
		return nil, fmt.Errorf("drivers with a fleet key: only %d are alive; %s without one: give it a key, or name it with --drivers", len(ids), list(unsigned))
	case len(ids) == 0 && len(sel.Labels) > 0:
		return nil, fmt.Errorf("no driver has the labels %s", labelList(sel.Labels))
	case len(ids) == 0:
		return nil, errNoDriver
	case len(ids) < sel.Count:
		return nil, fmt.Errorf("drivers %d: only %d are alive", sel.Count, len(ids))
	case sel.Count > 0:
		ids = ids[:sel.Count]
	}
	return ids, nil
}

// labelList formats labels as typed by an operator.
func labelList(labels map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		list = append(list, name+"="+labels[name])
	}
	return strings.Join(list, ",")
}

func has(labels, wanted map[string]string) bool {
	for k, v := range wanted {
		if labels[k] != v {
			return false
		}
	}
	return true
}

// Forecast is what a spec would do if it were triggered now.
type Forecast struct {
	Drivers     []string
	RateRPS     float64 // of the fleet at its peak; 0: an avalanche
	EachRPS     float64 // of one driver
	Requests    int64   // in all; 0: limited by the duration
	Duration    time.Duration
	WouldRefuse []Refusal // as far as the registrations show: only the drivers can resolve names
}

// Check returns what a run would do, without contacting a driver. For bad specs the error is a *field.Error.
func (o *Orchestrator) Check(spec loadgen.Spec, sel Selection) (Forecast, error) {
	spec = spec.WithDefaults()
	if err := spec.Validate(); err != nil {
		return Forecast{}, err
	}
	var f Forecast
	var err error
	o.View(func(s *fleet.State) {
		f.Drivers, err = o.pick(s, sel)
		for _, id := range f.Drivers {
			if why := o.wouldRefuse(s, s.Driver(id), spec, len(f.Drivers)); why != nil {
				f.WouldRefuse = append(f.WouldRefuse, Refusal{NodeID: id, Reason: why.Error()})
			}
		}
	})
	if err != nil {
		return f, err
	}
	if err := o.allowed(spec, len(f.Drivers)); err != nil {
		return f, err
	}
	f.EachRPS = policy.PeakRate(spec, len(f.Drivers))
	f.RateRPS = f.EachRPS * float64(len(f.Drivers))
	plan := firstPlan(spec, f.Drivers)
	for _, share := range plan.Shares {
		f.Requests += share.Quota
	}
	f.Duration = time.Duration(plan.UntilUS) * time.Microsecond
	return f, nil
}

func (o *Orchestrator) wouldRefuse(s *fleet.State, d *fleet.Driver, spec loadgen.Spec, drivers int) error {
	if r := s.Active(); r != nil && d.Heartbeat.TestID == r.ID && d.Heartbeat.State != node.Idle {
		return fmt.Errorf("busy with run %s (started by %s)", r.ID, r.By)
	}
	if err := o.ignoresCommands(d); err != nil {
		return err
	}
	duration := time.Duration(d.MaxDurationUS) * time.Microsecond
	return policy.WouldRefuse(policy.Config{AllowTargets: d.AllowTargets, MaxRate: d.MaxRateRPS, MaxConnections: d.MaxConnections, MaxDuration: duration}, spec, drivers)
}

// errNotTsunami means that the run has no rate to change.
var errNotTsunami = errors.New("rate: only a tsunami has one")
