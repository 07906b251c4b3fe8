package orchestrator

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNoDriver(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		o := s.orchestrator("o1")
		_, err := o.Trigger(s.ctx, s.tsunami(1, time.Second), Selection{Wait: 100 * time.Millisecond})
		if !errors.Is(err, errNoDriver) {
			t.Errorf("got %v", err)
		}
		s.driver("drv-a")
		_, err = o.Trigger(s.ctx, s.tsunami(1, time.Second), Selection{Count: 2, Wait: 2 * time.Second})
		if err == nil || !strings.Contains(err.Error(), "drivers 2: only 1") {
			t.Errorf("got %v", err)
		}
	})
}
