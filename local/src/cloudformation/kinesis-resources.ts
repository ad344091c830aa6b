import type { ResourceType } from './resource-type';

export const kinesisResources: Record<string, ResourceType> = {};
