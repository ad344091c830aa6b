import type { ResourceType } from './resource-type';

export const pipesResources: Record<string, ResourceType> = {};
