//go:build race

package app_test

// stride is how many calls apart the crash points are that the simulation walks under the race detector, which is slow.
const stride = 4

// stormPeople is how many customers write at once in the storm.
const stormPeople = 40
