package sign

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"

	"landfall/node"
	"landfall/node/membus"
)

func TestConfigurationsAreEncryptedToTheirReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		s.config.Spec.Headers = map[string]string{"Authorization": "Bearer s3cret"}
		s.config.Drivers = []string{"d1"}
		type view struct {
			name string
			got  *[]node.Record
			want string // text of its spec, or of the refusal; "": not delivered
		}
		views := []view{
			{"the chosen driver", tail(t, wrapped(t, bus, s, s.d1, "d1"), node.TopicTestConfig), "s3cret"},
			{"another operator", tail(t, wrapped(t, bus, s, s.bob, ""), node.TopicTestConfig), "s3cret"},
			{"a viewer", tail(t, wrapped(t, bus, s, s.vic, ""), node.TopicTestConfig), "s3cret"},
			{"another driver", tail(t, wrapped(t, bus, s, s.d2, "d2"), node.TopicTestConfig), ""},
			{"a console without a key", tail(t, wrapped(t, bus, s, nil, ""), node.TopicTestConfig), "encrypted to others"},
			{"a process without keys", tail(t, Plain(bus), node.TopicTestConfig), "--fleet-keys"},
		}
		raw := tail(t, bus, node.TopicTestConfig)
		if _, err := node.Post(t.Context(), wrapped(t, bus, s, s.ann, ""), &s.config); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if bytes.Contains((*raw)[0].Value, []byte("s3cret")) || bytes.Contains((*raw)[0].Value, []byte("10.1.2.3")) {
			t.Error("the topic shows the specification")
		}
		for _, v := range views {
			if v.want == "" {
				if len(*v.got) > 0 {
					t.Errorf("%s: was handed %+v", v.name, (*v.got)[0])
				}
				continue
			}
			m, err := node.Decode((*v.got)[0])
			if err != nil {
				if !strings.Contains(err.Error(), v.want) {
					t.Errorf("%s: %v, want %q", v.name, err, v.want)
				}
				continue
			}
			if h := m.(*node.Config).Spec.Headers; !strings.Contains(h["Authorization"], v.want) {
				t.Errorf("%s: headers %v", v.name, h)
			}
		}
	})
}

// A mixed fleet: a driver without a key could not read an encrypted configuration.
func TestConfigurationsForDriversWithoutKeysAreNotEncrypted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		s.config.Drivers = []string{"d1", "d9"}
		got := tail(t, Plain(bus), node.TopicTestConfig)
		if _, err := node.Post(t.Context(), wrapped(t, bus, s, s.ann, ""), &s.config); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if m, err := node.Decode((*got)[0]); err != nil || m.(*node.Config).TestID != "run-1" {
			t.Errorf("d9 reads %v, %v", m, err)
		}
	})
}
