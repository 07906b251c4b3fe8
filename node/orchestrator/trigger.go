package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
)

const (
	// armFor limits the drivers' time to answer a configuration: they may have to resolve names.
	armFor = 10 * time.Second
	// lead is how far ahead T0 is when the start is written: enough for the record to reach every driver, and
	// for a refusal to return.
	lead = 500 * time.Millisecond
	// moreRefusals is how long other drivers may take to answer a configuration that one of them has refused: a refusal may wait for the next
	// heartbeat.
	moreRefusals = 1500 * time.Millisecond
)

// armTime returns the drivers' time to answer a spec.
func armTime(spec loadgen.Spec) time.Duration {
	if len(spec.Setup) > 0 {
		return armFor + loadgen.SetupTime
	}
	return armFor
}

// Refusal is a driver's reason to refuse a run.
type Refusal = fleet.Refusal

// RefusedError means that a run was not started because drivers refused it or did not answer.
type RefusedError struct {
	Refusals []Refusal
	Of       int // drivers of the run
}

func (e *RefusedError) Error() string { return strings.Join(e.Lines(), "\n") }

// Lines returns the refusals as sentences. Drivers that refuse for the same reason share one.
func (e *RefusedError) Lines() []string { return fleet.RefusalLines(e.Refusals, e.Of) }

// Trigger configures, arms and starts a run, and returns its id when the start is written. Errors are
// *field.Error for bad specs and *RefusedError if drivers refuse.
func (o *Orchestrator) Trigger(ctx context.Context, spec loadgen.Spec, sel Selection) (string, error) {
	spec = spec.WithDefaults()
	if err := spec.Validate(); err != nil {
		return "", err
	}
	drivers, err := o.choose(ctx, sel)
	if err != nil {
		return "", err
	}
	if err := o.allowed(spec, len(drivers)); err != nil {
		return "", err
	}
	if ignoring := o.ignoring(drivers); len(ignoring) > 0 {
		return "", &RefusedError{ignoring, len(drivers)}
	}
	testID := o.name(spec)
	if err := o.arm(ctx, testID, spec, drivers); err != nil {
		if refused := (*RefusedError)(nil); errors.As(err, &refused) { // so that other processes know why, too, and armed drivers are free again
			o.revoke(ctx, testID, strings.Join(refused.Lines(), "; "))
		}
		return testID, err
	}
	o.noteMixed(testID, drivers)
	return testID, o.start(ctx, testID, spec, drivers)
}

// name returns a unique id for a run, from its kind, its time and its author.
func (o *Orchestrator) name(spec loadgen.Spec) string {
	return fmt.Sprintf("%s-%s-%s", spec.Kind, o.Now().UTC().Format("0102-150405"), node.NewID()[:4])
}

func (o *Orchestrator) arm(ctx context.Context, testID string, spec loadgen.Spec, drivers []string) error {
	within := armTime(spec)
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if err := o.publish(ctx, &node.Config{TestID: testID, Drivers: drivers, By: o.by(ctx), Spec: spec}); err != nil {
		return fmt.Errorf("configure %s: %w", testID, err)
	}
	var silent, refused []Refusal
	answered := func(s *fleet.State) bool {
		if r := s.Run(testID); r != nil {
			silent, refused = o.unanswered(s, r, within), refusals(r)
			return len(silent) == 0
		}
		return false
	}
	err := o.until(ctx, func(s *fleet.State) bool { return answered(s) || len(refused) > 0 })
	switch {
	case len(refused) > 0:
		rest, cancel := context.WithTimeout(ctx, moreRefusals)
		defer cancel()
		_ = o.until(rest, answered)
		return &RefusedError{refused, len(drivers)}
	case err != nil && ctx.Err() != nil && len(silent) > 0:
		return &RefusedError{silent, len(drivers)}
	}
	return err
}

func (o *Orchestrator) unanswered(s *fleet.State, r *fleet.Run, within time.Duration) (list []Refusal) {
	for _, id := range r.Config.Drivers {
		if c := r.Drivers[id]; c == nil || c.Answer == nil {
			list = append(list, Refusal{NodeID: id, Reason: fmt.Sprintf("no answer within %.0f s", within.Seconds()) + o.outdated(s.Driver(id))})
		}
	}
	return list
}

// start writes the start and waits until every driver has started, or one has refused.
func (o *Orchestrator) start(ctx context.Context, testID string, spec loadgen.Spec, drivers []string) error {
	plan := firstPlan(spec, drivers)
	o.bind(testID, &plan)
	t0 := o.Now().Add(lead)
	err := o.publish(ctx, &node.Trigger{
		ID: node.NewID(), Action: node.Start, TestID: testID, By: o.by(ctx), Conductor: o.config.ID, Epoch: 1,
		T0US: t0.UnixMicro(), Plan: &plan,
	})
	if err != nil {
		return fmt.Errorf("start %s: %w", testID, err)
	}
	var refused []Refusal
	wait, cancel := context.WithTimeout(ctx, 2*lead)
	defer cancel()
	_ = o.until(wait, func(s *fleet.State) bool {
		r := s.Run(testID)
		refused = refusals(r)
		return len(refused) > 0 || taken(s, r)
	})
	if len(refused) > 0 {
		e := &RefusedError{refused, len(drivers)}
		o.revoke(ctx, testID, e.Lines()[0])
		return e
	}
	return ctx.Err()
}

// bind assigns each share to the process that answered the configuration: another process with its name gets
// none.
func (o *Orchestrator) bind(testID string, p *node.Plan) {
	o.View(func(s *fleet.State) {
		r := s.Run(testID)
		if r == nil {
			return
		}
		for i := range p.Shares {
			if c := r.Drivers[p.Shares[i].NodeID]; c != nil {
				p.Shares[i].BootID = c.ArmedBoot
			}
		}
	})
}

// revoke stops a run that drivers refused: if its start was written, other drivers would execute it although the operator got an error. If
// the record cannot be written, conduct retries for a started run during the life of this process.
func (o *Orchestrator) revoke(ctx context.Context, testID, reason string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lead)
	defer cancel()
	err := o.publish(ctx, &node.Trigger{
		ID: node.NewID(), Action: node.Stop, TestID: testID, By: o.by(ctx), Conductor: o.config.ID, Epoch: 1, Reason: reason,
	})
	if err != nil {
		o.log.Error("cannot stop a run that was refused", "run", testID, "error", err)
	}
}

// taken reports whether every driver with a share executes it.
func taken(s *fleet.State, r *fleet.Run) bool {
	if r.Plan() == nil {
		return false
	}
	for _, share := range r.Plan().Shares {
		d := s.Driver(share.NodeID)
		if d == nil || d.Heartbeat.TestID != r.ID || d.Heartbeat.State == node.Armed { // armed, but not started
			return false
		}
	}
	return true
}

// errNoDriver is the error if no driver is alive.
var errNoDriver = errors.New("no driver: start one with `landfall driver`")
