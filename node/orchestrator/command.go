package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
)

// errNotAtHelm means that another orchestrator controls the run.
var errNotAtHelm = errors.New("another orchestrator controls the run: adopt it first")

// Stop stops a run: drivers issue no more requests and report. Any orchestrator may stop any run.
func (o *Orchestrator) Stop(ctx context.Context, testID, reason string) error {
	return o.command(ctx, testID, stoppable, func(*fleet.Run, time.Duration) (*node.Trigger, error) {
		return &node.Trigger{Action: node.Stop, Reason: reason}, nil
	})
}

// SetRate sets the rate of a running tsunami until its end, in requests per second of the fleet.
func (o *Orchestrator) SetRate(ctx context.Context, testID string, rps float64) error {
	return o.command(ctx, testID, o.steerable, func(r *fleet.Run, from time.Duration) (*node.Trigger, error) {
		if r.Spec.Kind != loadgen.Tsunami {
			return nil, errNotTsunami
		}
		if !(rps >= 0.01 && rps <= 1e7) {
			return nil, fmt.Errorf("rate %v: must be between 0.01 and 10000000 requests per second", rps)
		}
		if r.Paused {
			return nil, fmt.Errorf("%s is paused: resume it first", r.ID)
		}
		p, err := withRate(r, rps, from)
		if err != nil {
			return nil, err
		}
		if keepBelowCaps(&p, o.drivers()) {
			return nil, fmt.Errorf("rate %v: more than the drivers allow: %v at most", rps, loadgen.Schedule(p.Schedule).Peak())
		}
		return &node.Trigger{Action: node.Adjust, Plan: &p, Reason: fmt.Sprintf("the rate was set to %.6g/s by %s", rps, o.by(ctx))}, nil
	})
}

// Pause stops the drivers of a run from issuing requests until Resume.
func (o *Orchestrator) Pause(ctx context.Context, testID string) error {
	return o.command(ctx, testID, o.steerable, func(r *fleet.Run, from time.Duration) (*node.Trigger, error) {
		if r.Paused {
			return nil, fmt.Errorf("%s is paused already", r.ID)
		}
		p := paused(r, from)
		return &node.Trigger{Action: node.Pause, Plan: &p}, nil
	})
}

// Resume continues a paused run; its end is delayed by the length of the pause.
func (o *Orchestrator) Resume(ctx context.Context, testID string) error {
	return o.command(ctx, testID, o.steerable, func(r *fleet.Run, from time.Duration) (*node.Trigger, error) {
		if !r.Paused {
			return nil, fmt.Errorf("%s is not paused", r.ID)
		}
		p := resumed(r, from)
		return &node.Trigger{Action: node.Resume, Plan: &p}, nil
	})
}

// Adopt takes control of a run. If two orchestrators try, the order of the trigger topic decides.
func (o *Orchestrator) Adopt(ctx context.Context, testID string) error {
	err := o.command(ctx, testID, running, func(r *fleet.Run, _ time.Duration) (*node.Trigger, error) {
		return &node.Trigger{Action: node.Adopt, Epoch: r.Epoch + 1}, nil
	})
	if err != nil {
		return err
	}
	return o.until(ctx, func(s *fleet.State) bool {
		r := s.Run(testID)
		return r == nil || !r.Active() || r.Conductor == o.config.ID
	})
}

// stoppable returns an error if no driver executes the run. A driver that reports the run is trusted,
// whatever else is known.
func stoppable(s *fleet.State, r *fleet.Run) error {
	if s.Carried(r.ID) {
		return nil
	}
	return running(s, r)
}

func running(_ *fleet.State, r *fleet.Run) error {
	if !r.Active() || r.StopBy != "" {
		return fmt.Errorf("%s is not running", r.ID)
	}
	return nil
}

// steerable returns an error if another orchestrator controls the run.
func (o *Orchestrator) steerable(s *fleet.State, r *fleet.Run) error {
	if err := running(s, r); err != nil {
		return err
	}
	if r.Conductor != o.config.ID {
		return errNotAtHelm
	}
	return nil
}

// How often a change of a plan is written again if others change the plan at the same time, and how long each is waited for.
const (
	planAttempts = 5
	settledIn    = 5 * time.Second
)

// command writes a record about a run, if allowed permits it. A plan that was composed before another one was read has that
// one's number, and is ignored: it is composed again.
func (o *Orchestrator) command(ctx context.Context, testID string, allowed func(*fleet.State, *fleet.Run) error, compose func(*fleet.Run, time.Duration) (*node.Trigger, error)) error {
	for range planAttempts {
		t, err := o.order(ctx, testID, allowed, compose)
		if err != nil || t.Plan == nil || !o.ignored(ctx, t.ID) {
			return err
		}
	}
	return fmt.Errorf("%s: others change its plan at the same time: try again", testID)
}

// ignored waits until a record of this orchestrator's own was read, and reports whether it came too late. One that is not read
// in time stands: the broker has it.
func (o *Orchestrator) ignored(ctx context.Context, id string) (ignored bool) {
	ctx, cancel := context.WithTimeout(ctx, settledIn)
	defer cancel()
	_ = o.until(ctx, func(s *fleet.State) (read bool) {
		read, ignored = s.Settled(id)
		return read
	})
	return ignored
}

// order composes and writes one record.
func (o *Orchestrator) order(ctx context.Context, testID string, allowed func(*fleet.State, *fleet.Run) error, compose func(*fleet.Run, time.Duration) (*node.Trigger, error)) (t *node.Trigger, err error) {
	err = ErrUnknownRun
	o.View(func(s *fleet.State) {
		r := s.Run(testID)
		if r == nil {
			return
		}
		if err = allowed(s, r); err != nil {
			return
		}
		t, err = compose(r, max(o.Now().Sub(r.T0), 0)+reach)
		if err == nil && t.Epoch == 0 {
			t.Epoch = r.Epoch
		}
	})
	if err != nil {
		return nil, err
	}
	t.ID, t.TestID, t.By, t.Conductor = node.NewID(), testID, o.by(ctx), o.config.ID
	if err := o.publish(ctx, t); err != nil {
		return nil, fmt.Errorf("%s %s: %w", t.Action, testID, err)
	}
	return t, nil
}

// Kill stops one driver's process, with or without draining.
func (o *Orchestrator) Kill(ctx context.Context, nodeID string, drain bool) error {
	t := &node.Trigger{ID: node.NewID(), Action: node.Kill, NodeID: nodeID, Drain: drain, By: o.by(ctx), Conductor: o.config.ID}
	o.View(func(s *fleet.State) {
		if d := s.Driver(nodeID); d != nil {
			t.BootID = d.Heartbeat.BootID
		}
	})
	if t.BootID == "" {
		return fmt.Errorf("driver %s: not known", nodeID)
	}
	if err := o.publish(ctx, t); err != nil {
		return fmt.Errorf("kill %s: %w", nodeID, err)
	}
	return nil
}
