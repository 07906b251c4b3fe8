package target

import (
	"testing"
	"time"
)

func TestRushDelay(t *testing.T) {
	d := rushDelay(100, time.Second)
	age := time.Duration(0)
	send := func(rate int, how time.Duration) (delayed, sent int) {
		for end := age + how; age < end; age += time.Second / time.Duration(rate) {
			sent++
			if d(moment{age: age}) > 0 {
				delayed++
			}
		}
		return delayed, sent
	}
	if n, of := send(90, 5*time.Second); n != 0 {
		t.Errorf("at 90/s %d of %d were delayed", n, of)
	}
	if n, of := send(120, 5*time.Second); n < of*3/4 {
		t.Errorf("at 120/s %d of %d were delayed", n, of)
	}
	send(80, 2*time.Second)
	if n, of := send(80, 5*time.Second); n != 0 {
		t.Errorf("back at 80/s %d of %d were delayed", n, of)
	}
	age += time.Hour
	if n, _ := send(90, time.Second); n != 0 {
		t.Errorf("after an hour without requests %d were delayed", n)
	}
}
