package engine

import "landfall/loadgen/pace"

// never is a time that is never reached.
const never = pace.Never

// timers are the pausing users, as a heap: the first to continue is at the top. A user knows its position.
type timers []*user

// add makes a user continue at u.due.
func (t *timers) add(u *user) {
	*t = append(*t, u)
	u.timer = len(*t) - 1
	t.up(u.timer)
}

// first returns when the next user continues, or never.
func (t timers) first() int64 {
	if len(t) == 0 {
		return never
	}
	return t[0].due
}

// take removes the first user.
func (t *timers) take() *user {
	u := (*t)[0]
	t.remove(u)
	return u
}

func (t *timers) remove(u *user) {
	list, i := *t, u.timer
	last := len(list) - 1
	list[i] = list[last]
	list[i].timer = i
	list[last] = nil
	*t = list[:last]
	if i < last {
		t.down(i)
		t.up(i)
	}
	u.timer = -1
}

func (t timers) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if t[parent].due <= t[i].due {
			return
		}
		t.swap(i, parent)
		i = parent
	}
}

func (t timers) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(t) {
			return
		}
		if right := child + 1; right < len(t) && t[right].due < t[child].due {
			child = right
		}
		if t[i].due <= t[child].due {
			return
		}
		t.swap(i, child)
		i = child
	}
}

func (t timers) swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].timer, t[j].timer = i, j
}
