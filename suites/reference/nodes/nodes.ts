import './losing.ts';
