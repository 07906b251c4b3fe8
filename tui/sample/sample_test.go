package sample

import "testing"

// The selected driver stays visible when others join or leave: by its name, or by its row once the operator has moved.
func TestPlace(t *testing.T) {
	ids := []string{"a", "b", "c", "d", "e"}
	for name, test := range map[string]struct {
		q          DriverQuery
		index, top int
		cursor     string
	}{
		"by name":          {DriverQuery{Cursor: "d", Index: 1, Rows: 2}, 3, 2, "d"},
		"it is gone":       {DriverQuery{Cursor: "z", Index: 4, Rows: 2}, 4, 3, "e"},
		"beyond the last":  {DriverQuery{Cursor: "z", Index: 9, Rows: 2}, 4, 3, "e"},
		"moved":            {DriverQuery{Cursor: "d", Index: 1, ByIndex: true, Rows: 2, Top: 3}, 1, 1, "b"},
		"all are in sight": {DriverQuery{Cursor: "e", Rows: 9, Top: 3}, 4, 0, "e"},
	} {
		s := Sample{Ids: ids}
		if s.place(Query{DriverQuery: test.q}); s.Index != test.index || s.Top != test.top || s.Cursor != test.cursor {
			t.Errorf("%s: row %d, top %d, %q", name, s.Index, s.Top, s.Cursor)
		}
	}
	var none Sample
	if none.place(Query{}); none.Cursor != "" || none.Index != 0 || none.Top != 0 {
		t.Errorf("no drivers: %+v", none)
	}
}
