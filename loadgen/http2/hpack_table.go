package http2

// table is the decoder's dynamic table (RFC 7541 §2.3.2). An entry is a few bytes instead of a name and a value. The table is allocated
// when the peer first uses it.
type table struct {
	entries *[maxEntries]entry // a ring
	newest  int
	n       int
	used    int
	limit   int    // set by the peer, at most tableSize
	changes uint64 // number of changes; the meaning of a block that refers to the table depends on it
}

// maxEntries is the maximum number of entries: each counts at least 32 bytes.
const maxEntries = tableSize / entryOverhead

// entryOverhead is added to the length of an entry's name and value (RFC 7541 §4.1).
const entryOverhead = 32

// meaning is the relevant meaning of a field.
type meaning uint8

const (
	meansNothing meaning = iota
	meansStatus
	meansLength
	meansMalformed // a pseudo-header that responses do not have, or an invalid value
)

// entry is a field in the table.
type entry struct {
	meaning meaning
	name    meaning // meaning of the name, with any value
	nameLen int32
	size    int32
	value   int64 // of a status or a length
}

// at returns entry i; 1 is the newest.
func (t *table) at(i uint64) (e entry, ok bool) {
	if i == 0 || i > uint64(t.n) {
		return entry{}, false
	}
	return t.entries[(t.newest+1-int(i)+maxEntries)%maxEntries], true
}

// add adds an entry. One that is larger than the table empties it (RFC 7541 §4.4).
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

// resize applies a size update. ok is false if the size is above tableSize.
func (t *table) resize(limit uint64) (ok bool) {
	if limit > tableSize {
		return false
	}
	t.changes++
	t.limit = int(limit)
	t.evict(t.limit)
	return true
}

// evict removes the oldest entries until the table has at most size bytes.
func (t *table) evict(size int) {
	for t.n > 0 && t.used > size {
		oldest, _ := t.at(uint64(t.n))
		t.n--
		t.used -= int(oldest.size)
	}
}
