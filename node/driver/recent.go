package driver

import "slices"

// recentIDs remembers the ids of the last trigger records: a record that was retried is read twice, and one that reuses
// an empty id is never used.
type recentIDs struct{ ids []string }

const maxRecentIDs = 4096

// repeated tells whether an id was seen before, and remembers it.
func (r *recentIDs) repeated(id string) bool {
	if slices.Contains(r.ids, id) {
		return true
	}
	if len(r.ids) == maxRecentIDs {
		r.ids = append(r.ids[:0], r.ids[maxRecentIDs/2:]...)
	}
	r.ids = append(r.ids, id)
	return false
}
