package engine

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Users leave the heap in the order of their wake-up times, also after others were removed from its middle.
func TestTimersAreInOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var list timers
	var all []*user
	for range 500 {
		u := &user{due: random.Int64N(100)}
		all = append(all, u)
		list.add(u)
	}
	var want []int64
	for i, u := range all {
		if i%3 == 0 {
			list.remove(u)
			continue
		}
		want = append(want, u.due)
	}
	slices.Sort(want)
	var got []int64
	for list.first() != never {
		got = append(got, list.take().due)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
