//go:build !race

package app_test

// stride is how many calls apart the crash points are that the simulation walks.
const stride = 1

// stormPeople is how many customers write at once in the storm.
const stormPeople = 150
