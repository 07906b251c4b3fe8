package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
)

func start(t *testing.T, c Config) *Broker {
	t.Helper()
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	b, err := Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func client(t *testing.T, addr string) *kafka.Client {
	transport := &kafka.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &kafka.Client{Addr: kafka.TCP(addr), Timeout: 30 * time.Second, Transport: transport}
}

func create(t *testing.T, c *kafka.Client, topic string, configs ...kafka.ConfigEntry) {
	t.Helper()
	res, err := c.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{Topic: topic, NumPartitions: 1, ReplicationFactor: 1, ConfigEntries: configs}}})
	if err == nil {
		err = res.Errors[topic]
	}
	if err != nil {
		t.Fatal(err)
	}
}

func produce(t *testing.T, c *kafka.Client, topic string, r kafka.Record) *kafka.ProduceResponse {
	t.Helper()
	res, err := c.Produce(t.Context(), &kafka.ProduceRequest{Topic: topic, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(r)})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func fetch(t *testing.T, c *kafka.Client, topic string, offset int64) (records []kafka.Record, start int64) {
	t.Helper()
	res, err := c.Fetch(t.Context(), &kafka.FetchRequest{Topic: topic, Offset: offset, MinBytes: 1, MaxBytes: 1 << 20, MaxWait: 100 * time.Millisecond})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		t.Fatal(err)
	}
	for {
		r, err := res.Records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return records, res.LogStartOffset
		}
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, *r)
	}
}

func TestLocked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	b := start(t, Config{Dir: dir})
	_, err := Start(Config{Dir: dir, Listen: "127.0.0.1:0"})
	var locked *LockedError
	if !errors.As(err, &locked) || !errors.Is(err, ErrLocked) || locked.Addr != b.Addr() || locked.Dir != dir {
		t.Errorf("err %v, want that %s holds it", err, b.Addr())
	}
	b.Close()
	start(t, Config{Dir: dir})
}

func TestHolderWithoutAddress(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "lock"), []byte("an address of old\n"), 0o600)
	l, err := acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.release()
	var locked *LockedError
	if _, err := acquire(dir); !errors.As(err, &locked) || locked.Addr != "" {
		t.Errorf("err %v", err)
	}
}

func TestAddressInUse(t *testing.T) {
	b := start(t, Config{})
	dir := t.TempDir()
	if _, err := Start(Config{Dir: dir, Listen: b.Addr()}); err == nil || !strings.Contains(err.Error(), "listen on "+b.Addr()) {
		t.Errorf("err %v", err)
	}
	start(t, Config{Dir: dir}) // the folder is no longer locked
}

func TestAdvertised(t *testing.T) {
	at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4711}
	for wanted, want := range map[string]string{"": "127.0.0.1:4711", "kafka": "kafka:4711", "kafka:9092": "kafka:9092", "kafka:": "kafka:4711", "::1": "[::1]:4711"} {
		if got := advertised(at, wanted); got != want {
			t.Errorf("%q: %s, want %s", wanted, got, want)
		}
	}
	if got := advertised(&net.TCPAddr{IP: net.IPv4zero, Port: 1}, ""); strings.HasPrefix(got, "0.0.0.0") {
		t.Errorf("everywhere: %s", got)
	}
	b := start(t, Config{Advertise: "localhost"})
	md, err := client(t, b.Addr()).Metadata(t.Context(), &kafka.MetadataRequest{})
	if err != nil || len(md.Brokers) != 1 || md.Brokers[0].Host != "localhost" {
		t.Errorf("%+v, %v", md, err)
	}
}

func TestRetention(t *testing.T) {
	for keep, most := range map[int64]int64{0: DefaultKeep, 8 << 20: 8 << 20} {
		t.Run(fmt.Sprint(keep), func(t *testing.T) {
			retention(t, Config{Keep: keep}, most)
		})
	}
}

// retention checks that a partition shrinks to the retained size plus one segment, and keeps that much.
func retention(t *testing.T, config Config, keep int64) {
	c := client(t, start(t, config).Addr())
	create(t, c, "t", kafka.ConfigEntry{ConfigName: "retention.ms", ConfigValue: "-1"})
	value := bytes.Repeat([]byte("x"), 900<<10)
	const records = 40 // 35 MiB
	for range records {
		produce(t, c, "t", kafka.Record{Value: kafka.NewBytes(value)})
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		_, first := fetch(t, c, "t", records-1)
		kept := (records - first) * int64(len(value))
		if kept < keep/2 {
			t.Fatalf("%d bytes are left", kept)
		}
		if kept <= keep+4<<20 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d bytes are kept", kept)
		}
	}
}

func TestDone(t *testing.T) {
	b := start(t, Config{})
	select {
	case <-b.Done():
		t.Fatal("ended")
	default:
	}
	b.Close()
	b.Close()
	if <-b.Done(); b.Err() != nil {
		t.Errorf("err %v", b.Err())
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var d net.Dialer
	if _, err := d.DialContext(ctx, "tcp", b.Addr()); err == nil {
		t.Error("still listens")
	}
}
