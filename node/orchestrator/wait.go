package orchestrator

import (
	"context"
	"fmt"
	"time"

	"landfall/node/fleet"
	"landfall/node/report"
)

// UnwrittenError means that a run's report is not on its topic: it could not be written, or Kafka cannot be read. It comes
// with the report as far as this process knows it.
type UnwrittenError struct {
	TestID string
	Away   time.Duration // for how long Kafka could not be read; 0: it can
}

func (e *UnwrittenError) Error() string {
	if e.Away > 0 {
		return fmt.Sprintf("Kafka was unreachable for %.0f s: the report of %s is from before; its drivers have stopped by themselves", e.Away.Seconds(), e.TestID)
	}
	return fmt.Sprintf("the report of %s could not be written to Kafka: only this copy exists", e.TestID)
}

// awaySlack is how much longer than drivers can continue without Kafka it is waited for.
const awaySlack = 10 * time.Second

// Wait waits until a run's report exists and returns it. Where it cannot be written, or Kafka is away for longer than any
// driver continues without it, it returns the report as far as it is known here, and an *UnwrittenError.
func (o *Orchestrator) Wait(ctx context.Context, testID string) (*report.Report, error) {
	var text []byte
	var known *report.Report
	var lack *UnwrittenError
	err := o.until(ctx, func(s *fleet.State) bool {
		r := s.Run(testID)
		if r == nil {
			return false
		}
		text = r.Report
		if lack = o.lacks(r); lack != nil {
			known = report.Build(r, s.Now(), o.config.Version)
		}
		return text != nil || lack != nil
	})
	switch {
	case err != nil:
		return nil, err
	case text != nil:
		return report.ParseOf(testID, text)
	}
	return known, lack
}

// lacks tells why a run's report will not come; nil: it may.
func (o *Orchestrator) lacks(r *fleet.Run) *UnwrittenError {
	over := r.Phase == fleet.Finished || r.Phase == fleet.Refused && !r.T0.IsZero()
	if r.Report != nil || r.T0.IsZero() {
		return nil
	}
	if over {
		return &UnwrittenError{TestID: r.ID}
	}
	away := time.Since(o.troubleSince)
	longest := r.Spec.OrphanTimeout.Std() + r.Spec.Patience.Std() + r.Spec.Timeout.Std() + awaySlack
	if o.trouble != nil && away > longest {
		return &UnwrittenError{TestID: r.ID, Away: away}
	}
	return nil
}

// Settle waits until it is known whether a run that has no report is still running: one of its drivers says so, or none has
// been heard for as long as a driver may be silent. It returns early if ctx ends.
func (o *Orchestrator) Settle(ctx context.Context, testID string) {
	ctx, cancel := context.WithTimeout(ctx, fleet.LostAfter+2*tickEvery)
	defer cancel()
	_ = o.until(ctx, func(s *fleet.State) bool { // a run that is not settled by then is shown as running
		r := s.Run(testID)
		return r == nil || !r.Active() || s.Carried(testID) || r.Ended(s.Now())
	})
}

// Report returns the report of a run: the one that its orchestrator wrote or, where none did, what its drivers reported.
// running tells whether more of that may come.
func (o *Orchestrator) Report(testID string) (r *report.Report, running bool, err error) {
	return o.reported(testID, func(run *fleet.Run, now time.Time) *report.Report { return report.Build(run, now, o.config.Version) })
}

// Diagnosis is the part of [Orchestrator.Report] that [report.Diagnose] makes: of a run in progress it costs little.
func (o *Orchestrator) Diagnosis(testID string) (*report.Report, error) {
	r, _, err := o.reported(testID, report.Diagnose)
	return r, err
}

// Intervals is the part of [Orchestrator.Report] that [report.Seconds] makes.
func (o *Orchestrator) Intervals(testID string) (*report.Report, error) {
	r, _, err := o.reported(testID, report.Seconds)
	return r, err
}

func (o *Orchestrator) reported(testID string, build func(*fleet.Run, time.Time) *report.Report) (r *report.Report, running bool, err error) {
	var text []byte
	o.View(func(s *fleet.State) {
		run := s.Run(testID)
		switch {
		case run == nil:
			err = fmt.Errorf("%s: %w", testID, ErrUnknownRun)
		case run.Report != nil:
			text = run.Report
		case run.T0.IsZero():
			err = fmt.Errorf("%s never started", testID)
		default:
			r, running = build(run, o.Now()), run.Active() && !run.Ended(o.Now())
		}
	})
	if text != nil {
		r, err = report.ParseOf(testID, text)
	}
	return r, running, err
}
