package target

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// offer sends requests at a rate for a time. It returns how many were served within that time, their longest latency, and the number of
// refused ones.
func offer(q *queue, rate float64, d time.Duration) (answered int, longest time.Duration, refusals int) {
	type end struct {
		outcome outcome
		at      time.Time
		took    time.Duration
	}
	began, n := time.Now(), int(rate*d.Seconds())
	ends := make(chan end, n)
	for i := range n {
		time.Sleep(time.Until(began.Add(time.Duration(float64(i) / rate * float64(time.Second)))))
		go func() {
			due := time.Now()
			o := q.pass(context.Background())
			ends <- end{o, time.Now(), time.Since(due)}
		}()
	}
	for range n {
		switch e := <-ends; {
		case e.outcome == refused:
			refusals++
		case !e.at.After(began.Add(d)):
			answered++
			longest = max(longest, e.took)
		}
	}
	return answered, longest, refusals
}

func TestQueueCapacity(t *testing.T) {
	for _, c := range []struct {
		name                 string
		offered              float64
		atLeast, atMost      int
		fastest, slowestFrom time.Duration
	}{
		{"below the capacity, latency is the service time", 450, 4490, 4500, 16 * time.Millisecond, 0},
		{"above the capacity, latency grows", 750, 4980, 5000, 0, 3 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := newQueue(Config{Capacity: 500})
				q.start()
				defer q.close()
				answered, longest, _ := offer(q, c.offered, 10*time.Second)
				if answered < c.atLeast || answered > c.atMost {
					t.Errorf("%d served in 10 s, want %d to %d", answered, c.atLeast, c.atMost)
				}
				if c.fastest > 0 && longest != c.fastest || longest < c.slowestFrom {
					t.Errorf("longest wait %s", longest)
				}
			})
		})
	}
}

func TestQueueCapacityWithRandomServiceTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(Config{Capacity: 1000, Servers: 4, ServiceSigma: 0.5})
		q.start()
		defer q.close()
		if answered, _, _ := offer(q, 1500, 20*time.Second); answered < 19_600 || answered > 20_400 {
			t.Errorf("%d served in 20 s, want 20,000 within 2 %%", answered)
		}
	})
}

func TestQueueStaysDownAfterACollapse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(Config{Capacity: 100, Collapse: time.Second})
		q.start()
		defer q.close()
		if _, _, refusals := offer(q, 99, 10*time.Second); refusals != 0 {
			t.Errorf("%d refused below the capacity", refusals)
		}
		if _, _, refusals := offer(q, 200, 10*time.Second); refusals < 1000 {
			t.Errorf("%d of 2,000 refused at twice the capacity, want most", refusals)
		}
		time.Sleep(time.Hour)
		if o := q.pass(t.Context()); o != refused {
			t.Errorf("an hour later: %v, want a refusal", o)
		}
	})
}

func TestQueueSkipsCanceledRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(Config{Capacity: 1, Servers: 1})
		q.start()
		defer q.close()
		go q.pass(t.Context())
		synctest.Wait()
		ctx, leave := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer leave()
		if o := q.pass(ctx); o != abandoned {
			t.Errorf("%v, want abandoned", o)
		}
		began := time.Now()
		if o := q.pass(t.Context()); o != served || time.Since(began) != 1900*time.Millisecond {
			t.Errorf("%v after %s, want served after 1.9 s: the rest of the first request's second and its own", o, time.Since(began))
		}
	})
}
