package engine

// flight is one request from when it is begun until it ends. Every connection has as many as it may carry at a time.
type flight struct {
	conn       *conn
	tag        int32 // its place on the connection
	request    int32 // which of the script's
	stream     uint32
	busy       bool
	refusals   uint8 // by the target, without having looked at it
	due        int64 // ns since T0
	sent       int64 // 0: not yet
	deadline   int64
	k          int64 // number among the driver's requests
	find       finder
	user       *user // whose request it is; nil: nobody's
	prev, next *flight
}

// flights are those under way, in order of their deadlines: all wait equally long, so new ones go to the end, and neither
// a timer nor a search is needed.
type flights struct {
	first, last *flight
	n           int
}

func (l *flights) push(f *flight) {
	f.prev, f.next = l.last, nil
	if l.last != nil {
		l.last.next = f
	} else {
		l.first = f
	}
	l.last = f
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
