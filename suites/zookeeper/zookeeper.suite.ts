/** The tutorial "Running ZooKeeper, A Distributed System Coordinator", section by section in its order. */
import './ensemble/ensemble.ts';
