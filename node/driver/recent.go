package driver

import "slices"

// recentIDs holds the ids of the last trigger records, to detect records that were retried and therefore
// appear twice.
type recentIDs struct{ ids []string }

const maxRecentIDs = 4096

// repeated reports whether an id was seen before, and remembers it.
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
