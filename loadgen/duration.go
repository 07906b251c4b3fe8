package loadgen

import (
	"encoding/json"
	"fmt"
	"time"
)

// MarshalJSON writes whole microseconds.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.Std().Microseconds()) }

// UnmarshalJSON reads whole microseconds.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var us int64
	if err := json.Unmarshal(data, &us); err != nil {
		return fmt.Errorf("duration %.40s: must be whole microseconds", data)
	}
	const most = int64(1<<63-1) / int64(time.Microsecond)
	if us < -most || us > most {
		return fmt.Errorf("duration %d: must be between -%d and %d microseconds", us, most, most)
	}
	*d = Duration(us * int64(time.Microsecond))
	return nil
}

// MarshalText writes a text such as "1m30s".
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.Std().String()), nil }

// UnmarshalText parses a duration like time.ParseDuration.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("duration %q: must be a number with a unit, such as 250ms, 10s or 1m30s", text)
	}
	*d = Duration(v)
	return nil
}

func (d Duration) String() string { return d.Std().String() }
