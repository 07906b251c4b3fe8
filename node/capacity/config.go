package capacity

import (
	"time"

	"landfall/loadgen/condition"
)

// Config configures a search.
type Config struct {
	Objectives []condition.Condition // must hold; without windows of their own
	From       float64               // first rate, requests/s of the fleet; 100
	To         float64               // highest rate; 50,000
	Hold       time.Duration         // of a probe that counts; 20 s. Growth holds for a quarter, bisection for half, the confirmation three times as long
	Precision  float64               // largest gap between the rate that holds and one that does not; 0.05
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
