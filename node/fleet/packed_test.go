package fleet

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
)

// fill gives every field of a value a different content, so that a forgotten field is noticed.
func fill(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		v.SetInt(*n * 1_000_003)
	case reflect.Uint32:
		v.SetUint(uint64(*n))
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 3 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, n)
			fill(value, n)
			v.SetMapIndex(key, value)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), n)
			}
		}
	default:
		panic(v.Kind())
	}
}

func filled() *Interval {
	i, n := &Interval{}, int64(0)
	fill(reflect.ValueOf(i).Elem(), &n)
	h := hdr.New()
	h.Record(1234)
	i.packed = h.Pack()
	for _, p := range i.Parts {
		p.packed = h.Pack()
		break
	}
	return i
}

func TestPackingLosesNothing(t *testing.T) {
	extreme := &Interval{P99US: math.MaxInt64, Users: math.MinInt32, Heat: Heat{HeatBands - 1: math.MaxUint32}}
	for name, i := range map[string]*Interval{"all": filled(), "nothing": {}, "extreme": extreme} {
		t.Run(name, func(t *testing.T) {
			var s Intervals
			s.Append(&Interval{Limited: "another", Heat: Heat{3: 1}, Parts: Parts{condition.Label{Name: "a", Value: "b"}: {}}})
			s.Append(i)
			want := *i
			if want.Parts == nil {
				want.Parts = Parts{}
			}
			s.packOld(0, 0)
			if got := s.At(1); !reflect.DeepEqual(got, &want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			numbers := want
			numbers.Delta.Statuses, numbers.Delta.Errors, numbers.Delta.UnexpectedBy, numbers.Parts, numbers.packed = nil, nil, nil, nil, nil
			if got := s.Figures(1); !reflect.DeepEqual(got, numbers) {
				t.Errorf("figures: got  %+v\nwant %+v", got, numbers)
			}
		})
	}
}

func TestTextsBeyondTheIndexAreWrittenOut(t *testing.T) {
	var s Intervals
	for n := range 2 * maxWords {
		s.Append(&Interval{Limited: fmt.Sprint("reason ", n)})
	}
	s.packOld(0, 0)
	if len(s.words.list) != maxWords {
		t.Errorf("%d texts have numbers", len(s.words.list))
	}
	for n, i := range s.All() {
		if want := fmt.Sprint("reason ", n); i.Limited != want {
			t.Fatalf("%q, want %q", i.Limited, want)
		}
	}
}
