package embedded

import (
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
)

func TestRecordsAreStampedByTheBroker(t *testing.T) {
	dir := t.TempDir()
	b := start(t, Config{Dir: dir})
	c := client(t, b.Addr())
	create(t, c, "t")
	before := time.Now().Truncate(time.Millisecond)
	res := produce(t, c, "t", kafka.Record{Time: time.UnixMilli(1), Value: kafka.NewBytes([]byte("x"))})
	if res.LogAppendTime.Before(before) || res.LogAppendTime.After(time.Now()) {
		t.Errorf("answer says appended at %v", res.LogAppendTime)
	}
	if got, _ := fetch(t, c, "t", 0); len(got) != 1 || !got[0].Time.Equal(res.LogAppendTime) {
		t.Errorf("fetched %+v, appended at %v", got, res.LogAppendTime)
	}
	b.Close() // its checksum is verified when it is loaded again
	c = client(t, start(t, Config{Dir: dir}).Addr())
	if got, _ := fetch(t, c, "t", 0); len(got) != 1 || !got[0].Time.Equal(res.LogAppendTime) {
		t.Errorf("loaded %+v, appended at %v", got, res.LogAppendTime)
	}
}
