// Package fakenet listens for the servers that tests fake.
package fakenet
