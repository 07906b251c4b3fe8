package policy

import (
	"testing"
	"time"

	"landfall/loadgen"
)

func TestClampKeepsAShareWithinTheCaps(t *testing.T) {
	l := Limits{connections: 3, duration: time.Minute}
	s := l.Clamp(loadgen.Share{Connections: 9, Until: loadgen.Duration(time.Hour)}, loadgen.Spec{Connections: 9}, 1)
	if s.Connections != 3 || s.Until.Std() != time.Minute {
		t.Errorf("%+v", s)
	}
	if s := l.Clamp(loadgen.Share{}, loadgen.Spec{}, 1); s.Until.Std() != time.Minute {
		t.Errorf("without an end: %+v", s)
	}
}

func TestClampKeepsTheRateBelowTheCap(t *testing.T) {
	rate := func(rps float64) *float64 { return &rps }
	for _, c := range []struct {
		name   string
		stages []loadgen.Stage
		of     int
		want   float64 // peak of this driver's part
	}{
		{"within", []loadgen.Stage{{From: rate(30), To: 30}}, 3, 10},
		{"exactly at it", []loadgen.Stage{{From: rate(100), To: 100}}, 10, 10},
		{"at it but for rounding", []loadgen.Stage{{To: 3 / 0.3}}, 1, 3 / 0.3},
		{"above", []loadgen.Stage{{From: rate(60), To: 60}}, 3, 10},
		{"on the way", []loadgen.Stage{{Duration: 1e9, To: 1000}, {To: 30}}, 3, 10},
		{"alone with all of it", []loadgen.Stage{{To: 1e6}}, 1, 10},
		{"an avalanche", nil, 3, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			given := loadgen.Schedule(c.stages).Peak()
			s := Limits{rate: 10}.Clamp(loadgen.Share{Schedule: c.stages, Of: c.of}, loadgen.Spec{}, 1)
			if each := loadgen.Schedule(s.Schedule).Peak() / float64(c.of); each > 10*rounding || each < c.want*0.999 {
				t.Errorf("%v requests/s, want %v", each, c.want)
			}
			if loadgen.Schedule(c.stages).Peak() != given {
				t.Error("the plan itself was changed")
			}
		})
	}
	if s := (Limits{}).Clamp(loadgen.Share{Schedule: []loadgen.Stage{{To: 1e6}}, Of: 1}, loadgen.Spec{}, 1); s.Schedule[0].To != 1e6 {
		t.Errorf("without a cap: %+v", s)
	}
}

func TestClampKeepsConnectionsWithinTheSpec(t *testing.T) {
	forged := loadgen.Share{Connections: 1 << 20}
	if s := (Limits{}).Clamp(forged, loadgen.Spec{Connections: 64}, 3); s.Connections != 192 {
		t.Errorf("%d connections, want those of all 3 drivers", s.Connections)
	}
	if s := (Limits{connections: 100}).Clamp(forged, loadgen.Spec{Connections: 64, Streams: 10, HTTP2: true}, 3); s.Connections != 10 {
		t.Errorf("%d connections of 10 streams, want 100 requests at a time", s.Connections)
	}
}
