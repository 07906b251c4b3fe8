package engine

// flight is one request from start to end. A connection has one flight for each concurrent request.
type flight struct {
	conn       *conn
	tag        int32 // index on the connection
	request    int32 // index in the script
	stream     uint32
	busy       bool
	retries    uint8 // number of retries because the target refused the request or closed the connection
	left       uint8 // number of retries because of GOAWAY
	due        int64 // ns since T0
	sent       int64 // 0: not yet
	deadline   int64
	k          int64 // number of the request in the driver
	find       finder
	capture    *capture // recorded evidence; nil: none
	user       *user    // user that sent the request; nil: a plain spec
	prev, next *flight
}

// flights are the requests in flight, by deadline. All have the same timeout, so new ones are appended
// without a search. A retry keeps its deadline and is inserted further ahead.
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
