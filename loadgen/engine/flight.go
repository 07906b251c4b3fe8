package engine

// flight is one request from start to end. A connection has as many flights as it can have requests in
// flight.
type flight struct {
	conn       *conn
	tag        int32 // its place on the connection
	request    int32 // which of the script's
	stream     uint32
	busy       bool
	retries    uint8 // how often it was sent again because the target refused it or closed the connection
	left       uint8 // how many connections the target left before it came to this request
	due        int64 // ns since T0
	sent       int64 // 0: not yet
	deadline   int64
	k          int64 // number among the driver's requests
	find       finder
	kept       *capture // evidence; nil: nothing is kept
	user       *user    // that sent the request, or nil
	prev, next *flight
}

// flights are the requests in flight, by deadline. All have the same timeout, so a new one is appended
// without a search; a retry keeps its deadline and is inserted further ahead.
type flights struct {
	first, last *flight
	n           int
}

func (l *flights) push(f *flight) {
	before := l.last
	for before != nil && before.deadline > f.deadline {
		before = before.prev
	}
	f.prev, f.next = before, l.first
	if before != nil {
		f.next = before.next
		before.next = f
	} else {
		l.first = f
	}
	if f.next != nil {
		f.next.prev = f
	} else {
		l.last = f
	}
	l.n++
}

func (l *flights) remove(f *flight) {
	if f.prev != nil {
		f.prev.next = f.next
	} else {
		l.first = f.next
	}
	if f.next != nil {
		f.next.prev = f.prev
	} else {
		l.last = f.prev
	}
	f.prev, f.next = nil, nil
	l.n--
}
