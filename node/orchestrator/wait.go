package orchestrator

import (
	"context"
	"fmt"
	"time"

	"landfall/node/fleet"
	"landfall/node/report"
)

// UnwrittenError means that a run's report is not on its topic: it could not be written, or Kafka is
// unreachable. It accompanies the report as known to this process.
type UnwrittenError struct {
	TestID string
	Away   time.Duration // how long Kafka has been unreachable; 0: it is reachable
}

func (e *UnwrittenError) Error() string {
	if e.Away > 0 {
		return fmt.Sprintf("Kafka was unreachable for %.0f s: the report of %s is from before; its drivers have stopped by themselves", e.Away.Seconds(), e.TestID)
	}
	return fmt.Sprintf("the report of %s could not be written to Kafka: only this copy exists", e.TestID)
}

// awaySlack is added to the time that drivers can continue without Kafka.
const awaySlack = 10 * time.Second

// Wait waits until a run's report exists and returns it. If it cannot be written, or Kafka is unreachable for
// longer than any driver continues without it, Wait returns the report as known here, and an *UnwrittenError.
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
		if lack = o.missingReport(r); lack != nil {
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

// missingReport returns why a run's report will not arrive; nil if it may.
func (o *Orchestrator) missingReport(r *fleet.Run) *UnwrittenError {
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

// Settle waits until it is known whether a run without a report is still running: one of its drivers reports
// it, or none has been heard for as long as a driver may be silent. It returns early if ctx ends.
func (o *Orchestrator) Settle(ctx context.Context, testID string) {
	ctx, cancel := context.WithTimeout(ctx, fleet.LostAfter+2*tickEvery)
	defer cancel()
	_ = o.until(ctx, func(s *fleet.State) bool { // an undecided run is shown as running
		r := s.Run(testID)
		return r == nil || !r.Active() || s.Carried(testID) || r.Ended(s.Now())
	})
}

// Report returns a run's report: its orchestrator's or, if there is none, one built from what its drivers
// reported. running means that more may follow.
func (o *Orchestrator) Report(testID string) (r *report.Report, running bool, err error) {
	return o.reported(testID, func(run *fleet.Run, now time.Time) *report.Report { return report.Build(run, now, o.config.Version) })
}

// Diagnosis returns the part of [Orchestrator.Report] that [report.Diagnose] builds. It is cheap for a run in progress.
func (o *Orchestrator) Diagnosis(testID string) (*report.Report, error) {
	r, _, err := o.reported(testID, report.Diagnose)
	return r, err
}

// Intervals returns the part of [Orchestrator.Report] that [report.Seconds] builds.
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
