package loadgen

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"landfall/loadgen/field"
)

// Statuses is a list of status codes. In JSON and in spec files an item may also be a range or a class; see
// [ParseStatuses].
type Statuses []int

// UnmarshalJSON reads a list of numbers and strings.
func (s *Statuses) UnmarshalJSON(data []byte) error {
	var items []any
	if err := json.Unmarshal(data, &items); err != nil {
		return err
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = fmt.Sprint(item)
	}
	*s = nil
	if len(texts) == 0 {
		return nil
	}
	list, err := ParseStatuses(strings.Join(texts, ","))
	*s = list
	return err
}

// ParseStatuses parses a comma-separated list of status codes, ranges (200-299) and classes (2xx), all from
// 100 to [MaxStatus]. An error is a [field.Error] of expect.statuses.
func ParseStatuses(text string) (Statuses, error) {
	var list Statuses
	for item := range strings.SplitSeq(text, ",") {
		low, high, ok := statusRange(strings.TrimSpace(item))
		if !ok {
			return nil, field.Wrong("expect.statuses", strings.TrimSpace(item), "must be a status from 100 to %d, a range such as 200-299, or a class such as 2xx", MaxStatus)
		}
		for status := low; status <= high; status++ {
			list = append(list, status)
		}
	}
	return list, nil
}

func statusRange(item string) (low, high int, ok bool) {
	if class, is := strings.CutSuffix(strings.ToLower(item), "xx"); is {
		n, err := strconv.Atoi(class)
		return n * 100, n*100 + 99, err == nil && n >= 1 && n <= MaxStatus/100
	}
	from, to, ranged := strings.Cut(item, "-")
	if !ranged {
		to = from
	}
	low, err := strconv.Atoi(from)
	high, wrong := strconv.Atoi(to)
	return low, high, err == nil && wrong == nil && low >= 100 && low <= high && high <= MaxStatus
}

// FormatStatuses formats a list for [ParseStatuses]: runs of three or more become ranges.
func FormatStatuses(list Statuses) []string {
	var out []string
	for i := 0; i < len(list); {
		end := i
		for end+1 < len(list) && list[end+1] == list[end]+1 {
			end++
		}
		if end-i >= 2 && list[i] >= 100 && list[end] <= MaxStatus {
			out = append(out, fmt.Sprintf("%d-%d", list[i], list[end]))
		} else {
			for _, status := range list[i : end+1] {
				out = append(out, strconv.Itoa(status))
			}
		}
		i = end + 1
	}
	return out
}
