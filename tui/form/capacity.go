package form

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/node/figures"
	"landfall/node/orchestrator"
)

// A capacity search sets the rate itself. Instead of a pace it has objectives, and a range of rates to search.

// Searching returns a spec with the initial values of a capacity search: without a pace, and with objectives.
func Searching(s loadgen.Spec) loadgen.Spec {
	s.Kind = loadgen.Tsunami
	s.RateRPS, s.Delay, s.Stages, s.Count, s.CountPerDriver = 0, 0, nil, 0, 0
	if s.Capacity == nil {
		s.Duration = 0
		s.Capacity = &loadgen.Capacity{Objectives: []string{"p99<250ms", "failed<0.1%"}}
	}
	return s
}

func capacityFields(c loadgen.Capacity, most loadgen.Duration) []*Field {
	percent := ""
	if c.Precision > 0 {
		percent = strconv.FormatFloat(100*c.Precision, 'f', -1, 64) + "%"
	}
	return []*Field{
		newField("slo", "Objectives", strings.Join(c.Objectives, " "), "", "what must hold at a rate, such as p99<250ms failed<0.1%", setObjectives),
		newField("from", "First rate", rateText(c.From), "100", "requests per second of the fleet at which the search begins", setSearchRate(func(c *loadgen.Capacity) *float64 { return &c.From })),
		newField("to", "Highest rate", rateText(c.To), "50k", "requests per second of the fleet that are never exceeded", setSearchRate(func(c *loadgen.Capacity) *float64 { return &c.To })),
		newField("hold", "Hold", durationText(c.Hold), "20s", "how long a rate is held that counts, whole seconds from 4s to 1h", setHold),
		newField("precision", "Precision", percent, "5%", "between the rate that holds and one that does not, 1% to 50%", setPrecision),
		newField("duration", "At most", durationText(most), "until it is found", "when the search ends even if it is not done", setDuration("duration", func(d *Draft) *loadgen.Duration { return &d.Spec.Duration })),
	}
}

func setObjectives(d *Draft, text string) error {
	d.Spec.Capacity.Objectives = nil
	for _, expr := range thresholdWords(text) {
		if _, err := condition.Parse(expr); err != nil {
			return err
		}
		d.Spec.Capacity.Objectives = append(d.Spec.Capacity.Objectives, expr)
	}
	return nil
}

func setSearchRate(of func(*loadgen.Capacity) *float64) func(*Draft, string) error {
	return func(d *Draft, text string) (err error) {
		at := of(d.Spec.Capacity)
		*at = 0
		if text != "" {
			*at, err = ParseRate(text)
		}
		return err
	}
}

func setHold(d *Draft, text string) error {
	return setDuration("hold", func(d *Draft) *loadgen.Duration { return &d.Spec.Capacity.Hold })(d, text)
}

func setPrecision(d *Draft, text string) error {
	d.Spec.Capacity.Precision = 0
	if text == "" {
		return nil
	}
	percent, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(text, "%")), 64)
	if err != nil || percent < 1 || percent > 50 {
		return fmt.Errorf("precision %q: must be from 1%% to 50%%, such as 5%%", text)
	}
	d.Spec.Capacity.Precision = percent / 100
	return nil
}

// searchText describes a search in one sentence.
func searchText(spec loadgen.Spec, f orchestrator.Forecast) string {
	spec = spec.WithDefaults()
	c := spec.Capacity
	return fmt.Sprintf("Search from %s to %s with %s, each rate held for %s (%s to confirm), to %s", figures.ShortRate(c.From), figures.ShortRate(c.To), figures.Plural(int64(len(f.Drivers)), "driver"),
		figures.Span(c.Hold.Std()), figures.Span((3 * c.Hold.Std()).Round(time.Second)), hostOf(spec.Target))
}
