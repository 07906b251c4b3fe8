package capacity

import (
	"time"

	"landfall/loadgen/condition"
)

// Config configures a search.
type Config struct {
	Objectives []condition.Condition // must hold; without windows of their own
	From       float64               // first rate, requests/s of the fleet; default 100
	To         float64               // highest rate; default 50,000
	Hold       time.Duration         // reference length of a probe; default 20 s. Growth uses a quarter of it, bisection half, the confirmation three times
	Precision  float64               // largest relative gap between the rate that holds and one that does not; default 0.05
}

// WithDefaults replaces zero values.
func (c Config) WithDefaults() Config {
	if c.From == 0 {
		c.From = 100
	}
	if c.To == 0 {
		c.To = 50_000
	}
	if c.Hold == 0 {
		c.Hold = 20 * time.Second
	}
	if c.Precision == 0 {
		c.Precision = 0.05
	}
	return c
}
