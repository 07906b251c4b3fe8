package http2

// table is the decoder's dynamic table (RFC 7541, section 2.3.2), which tells no more of a field than matters here: a few
// bytes an entry instead of its name and value. It is allocated when the peer first uses it.
type table struct {
	entries *[maxEntries]entry // a ring
	newest  int
	n       int
	used    int
	limit   int    // the peer's, at most tableSize
	changes uint64 // how often it has changed: what a block that refers to it says may then differ
}

// maxEntries is how many fit in tableSize: each counts for 32 bytes at least.
const maxEntries = tableSize / entryOverhead

// entryOverhead is added to the length of an entry's name and value (RFC 7541, section 4.1).
const entryOverhead = 32

// meaning is the relevant meaning of a field.
type meaning uint8

const (
	meansNothing meaning = iota
	meansStatus
	meansLength
	meansMalformed // a pseudo-header that a response does not have, or a value that is none
)

// entry is a field as the table keeps it.
type entry struct {
	meaning meaning
	name    meaning // meaning of the name with another value
	nameLen int32
	size    int32
	value   int64 // of a status or a length
}

// at returns entry i, the newest being 1.
func (t *table) at(i uint64) (e entry, ok bool) {
	if i == 0 || i > uint64(t.n) {
		return entry{}, false
	}
	return t.entries[(t.newest+1-int(i)+maxEntries)%maxEntries], true
}

// add makes an entry the newest. One that is larger than the table empties it (RFC 7541, section 4.4).
func (t *table) add(e entry) {
	t.changes++
	t.evict(t.limit - int(e.size))
	if int(e.size) > t.limit {
		return
	}
	if t.entries == nil {
		t.entries = new([maxEntries]entry)
	}
	t.newest = (t.newest + 1) % maxEntries
	t.entries[t.newest] = e
	t.n++
	t.used += int(e.size)
}

// resize handles the peer's size update; a size above our limit is an error.
func (t *table) resize(limit uint64) (ok bool) {
	if limit > tableSize {
		return false
	}
	t.changes++
	t.limit = int(limit)
	t.evict(t.limit)
	return true
}

// evict drops the oldest entries until the rest takes at most so many bytes.
func (t *table) evict(most int) {
	for t.n > 0 && t.used > most {
		oldest, _ := t.at(uint64(t.n))
		t.n--
		t.used -= int(oldest.size)
	}
}
