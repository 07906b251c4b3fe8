package loadgen

// Stage is a part of a schedule in which the rate goes linearly from one value to another.
type Stage struct {
	Duration Duration `json:"duration_us,omitempty" yaml:"duration"`    // 0: endless (only the last stage)
	From     *float64 `json:"from_rps,omitempty" yaml:"from,omitempty"` // default: where the stage before ended, 0 for the first
	To       float64  `json:"to_rps" yaml:"rate"`
	Users    int      `json:"users,omitempty" yaml:"users,omitempty"` // instead of a rate: how many users an avalanche with scenarios holds at the stage's end
}

// Share is the part of a run that one driver carries, from one instant on. All durations count from T0.
//
// A tsunami's fleet-wide schedule numbers its requests 0, 1, 2 … from the instant From on; the driver sends those whose
// number leaves Index when divided by Of, so that the fleet's requests are evenly spaced and the parts sum exactly.
type Share struct {
	Seq         int      `json:"seq"`                // of the plan that it is from; a higher one replaces a lower one
	From        Duration `json:"from_us"`            // when the share begins to hold
	Until       Duration `json:"until_us,omitempty"` // no request is due at or after it; 0: no limit
	Connections int      `json:"connections"`        // 0: paused
	Quota       int64    `json:"quota,omitempty"`    // how many requests the driver may begin (or drop) since T0, earlier shares included; 0: no limit
	Schedule    []Stage  `json:"schedule,omitempty"` // tsunami: the fleet's rate from From on
	Index       int      `json:"index"`
	Of          int      `json:"of"`
}
