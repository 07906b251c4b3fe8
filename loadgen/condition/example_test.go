package condition_test

import (
	"fmt"

	"landfall/loadgen/condition"
)

// Parse a threshold, and judge it by some figures.
func Example() {
	c, err := condition.Parse("failed{request=login}<1%")
	if err != nil {
		fmt.Println(err)
		return
	}
	label, _ := c.Series()
	fmt.Println(label.Name, label.Value)
	r := c.Judge(condition.Figures{Seconds: 10, Requests: 1000, Responses: 1000, Unexpected: 25})
	fmt.Printf("%v %% failed, passed: %v\n", r.Value, r.Passed)

	_, err = condition.Parse("p99<250")
	fmt.Println(err)
	// Output:
	// request login
	// 2.5 % failed, passed: false
	// a time needs a unit: us, ms, s or m, as in p99<250ms
}
